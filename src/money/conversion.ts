/**
 * Converts points and money. The discount of a number of points rounds **down** to the minor unit, and the points for an
 * amount round **up**, so that a sale is never given more than its points are worth.
 */
import { Decimal } from 'decimal.js';
import type { Ask, Quote } from '../domain/quote.ts';
import { minorUnitDigits } from './money.ts';

/** `rate` is the worth of one point in the currency's major unit, as a decimal string. */
export function quoteAt(rate: string, currency: string, ask: Ask): Quote {
  const minorPerPoint = new Decimal(rate).mul(Decimal.pow(10, minorUnitDigits(currency)));
  if ('points' in ask)
    return {
      points: ask.points,
      discountMinor: minorPerPoint.mul(ask.points).floor().toNumber(),
      rate,
    };
  const points = new Decimal(ask.amountMinor).div(minorPerPoint).ceil().toNumber();
  return { points, discountMinor: ask.amountMinor, rate };
}
