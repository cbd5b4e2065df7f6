import { describe, expect, it } from 'vitest';
import { quoteAt } from '../../../src/money/conversion.ts';
import { fromMinor, isCurrency, minorUnitDigits, toMinor } from '../../../src/money/money.ts';
import { objectionTo } from '../../../src/programs/limits.ts';
import { sandboxPrograms, type Program } from '../../../src/programs/programs.ts';

describe('points and money', () => {
  it.each([
    ['0.01', 'GBP', 500, 500],
    ['0.003', 'GBP', 500, 150],
    ['0.003', 'GBP', 333, 99], // 99.9 pence
    ['0.25', 'INR', 3, 75],
    ['0.1', 'JPY', 19, 1], // 1.9 yen
    ['0.0015', 'KWD', 3, 4], // 4.5 fils
  ])(
    'at %s %s, %i points are worth %i minor units, rounded down',
    (rate, currency, points, minor) => {
      expect(quoteAt(rate, currency, { points }).discountMinor).toBe(minor);
    },
  );

  it.each([
    ['0.01', 'GBP', 500, 500],
    ['0.003', 'GBP', 100, 334], // 333.3 points
    ['0.25', 'INR', 510, 21], // 20.4 points
    ['0.1', 'JPY', 3, 30],
  ])(
    'at %s %s, %i minor units take %s points, rounded up',
    (rate, currency, amountMinor, points) => {
      expect(quoteAt(rate, currency, { amountMinor })).toMatchObject({
        points,
        discountMinor: amountMinor,
      });
    },
  );

  it('an amount survives the way in and out exactly', () => {
    for (const amount of ['0.01', '0.10', '19.99', '90071992547409.91']) {
      const minor = toMinor({ amount, currency: 'GBP' });
      expect(fromMinor(minor ?? NaN, 'GBP')).toEqual({ amount, currency: 'GBP' });
    }
  });

  it('an amount with more decimals than its currency is none', () => {
    expect(toMinor({ amount: '5.001', currency: 'GBP' })).toBeUndefined();
    expect(toMinor({ amount: '5.5', currency: 'JPY' })).toBeUndefined();
    expect(toMinor({ amount: '5.001', currency: 'KWD' })).toBe(5_001);
  });

  it.each([
    ['GBP', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['HUF', 2],
    ['IDR', 2],
    ['IQD', 3],
    ['XCG', 2],
  ])(
    'has as many decimals as ISO 4217 gives %s, whatever this Node shows of it',
    (code, digits) => {
      expect(minorUnitDigits(code)).toBe(digits);
    },
  );

  it('knows the currencies there are', () => {
    expect([isCurrency('GBP'), isCurrency('gbp'), isCurrency('XQZ'), isCurrency('')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('what speaks against a quote', () => {
  const [coffeeClub] = [...sandboxPrograms('http://127.0.0.1').values()];
  const limited = (limits: Program['limits']): Program => {
    if (coffeeClub === undefined) throw new Error('no program');
    return { ...coffeeClub, limits };
  };
  const objection = (points: number, basketMinor: number, limits: Program['limits'] = {}) =>
    objectionTo(quoteAt('0.01', 'GBP', { points }), basketMinor, limited(limits));

  it('points are never worth more than the basket', () => {
    expect(objection(500, 500)).toBeUndefined();
    expect(objection(501, 500)).toMatchObject({ reason: 'rejected', field: 'basket' });
  });

  it('points that are worth nothing are not taken', () => {
    const quote = quoteAt('0.001', 'GBP', { points: 9 });
    expect(objectionTo(quote, 10_000, limited({}))).toMatchObject({
      reason: 'rejected',
      field: 'points',
    });
  });

  it.each([
    [99, { minPoints: 100 }],
    [101, { stepPoints: 50 }],
    [501, { maxPercentOfBasket: 50 }],
  ])('%i points are over the limit %o', (points, limits) => {
    expect(objection(points, 1_000, limits)).toMatchObject({ reason: 'limit' });
  });

  it('points at the limits are within them', () => {
    expect(
      objection(500, 1_000, { minPoints: 500, stepPoints: 50, maxPercentOfBasket: 50 }),
    ).toBeUndefined();
  });
});
