import { Decimal } from 'decimal.js';
import type { Quote } from '../domain/quote.ts';
import { fromMinor } from '../money/money.ts';
import type { Program } from './programs.ts';

export type Objection =
  /** The request itself is wrong. */
  | { readonly reason: 'rejected'; readonly field: 'basket' | 'points'; readonly message: string }
  /** The program's own rules do not allow it. */
  | { readonly reason: 'limit'; readonly message: string };

/** Checks a quote against the sale and the program's limits. Returns `undefined` if it fits. */
export function objectionTo(
  quote: Quote,
  basketMinor: number,
  program: Program,
): Objection | undefined {
  const { points, discountMinor } = quote;
  const { minPoints, stepPoints, maxPercentOfBasket } = program.limits;
  const worth = (minor: number) => {
    const { amount, currency } = fromMinor(minor, program.currency);
    return `${amount} ${currency}`;
  };
  if (discountMinor < 1)
    return {
      reason: 'rejected',
      field: 'points',
      message: `${points} points are worth less than ${worth(1)}: redeem more`,
    };
  if (discountMinor > basketMinor)
    return {
      reason: 'rejected',
      field: 'basket',
      message: `is ${worth(basketMinor)}, less than the discount of ${worth(discountMinor)}: redeem fewer points`,
    };
  if (minPoints !== undefined && points < minPoints)
    return {
      reason: 'limit',
      message: `at least ${minPoints} points must be redeemed, not ${points}`,
    };
  if (stepPoints !== undefined && points % stepPoints !== 0)
    return {
      reason: 'limit',
      message: `points must be a multiple of ${stepPoints}, and ${points} is not`,
    };
  if (
    maxPercentOfBasket !== undefined &&
    new Decimal(basketMinor).mul(maxPercentOfBasket).div(100).lt(discountMinor)
  )
    return {
      reason: 'limit',
      message: `points can pay for at most ${maxPercentOfBasket} % of the basket`,
    };
  return undefined;
}
