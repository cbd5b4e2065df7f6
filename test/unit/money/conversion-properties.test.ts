import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteAt } from '../../../src/money/conversion.ts';
import { fromMinor, minorUnitDigits, toMinor } from '../../../src/money/money.ts';

const currency = fc.constantFrom('GBP', 'INR', 'JPY', 'KWD');
const rate = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9_999 }))
  .map(([whole, part]) => `${whole}.${String(part).padStart(4, '0')}`);
const points = fc.integer({ min: 1, max: 1_000_000_000 });
const minor = fc.integer({ min: 0, max: 1_000_000_000_000 });

/** What points are worth exactly, in minor units. */
function worth(count: number, oneRate: string, code: string): Decimal {
  return new Decimal(oneRate).mul(count).mul(Decimal.pow(10, minorUnitDigits(code)));
}

describe('amounts', () => {
  it('never give more than the points are worth, and less than one minor unit less', () => {
    fc.assert(
      fc.property(rate, currency, points, (oneRate, code, count) => {
        const { discountMinor } = quoteAt(oneRate, code, { points: count });
        const exact = worth(count, oneRate, code);
        expect(exact.gte(discountMinor)).toBe(true);
        expect(exact.minus(discountMinor).lt(1)).toBe(true);
      }),
    );
  });

  it('take the fewest points that cover an amount', () => {
    fc.assert(
      fc.property(rate, currency, minor, (oneRate, code, amountMinor) => {
        const quote = quoteAt(oneRate, code, { amountMinor });
        expect(worth(quote.points, oneRate, code).gte(amountMinor)).toBe(true);
        expect(worth(quote.points - 1, oneRate, code).lt(amountMinor)).toBe(true);
        expect(quote.discountMinor).toBe(amountMinor);
      }),
    );
  });

  it('go out and come back unchanged', () => {
    fc.assert(
      fc.property(currency, minor, (code, amountMinor) => {
        expect(toMinor(fromMinor(amountMinor, code))).toBe(amountMinor);
      }),
    );
  });
});
