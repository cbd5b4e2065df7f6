import type { RedemptionView } from './redemption-view.ts';

/** Writes one line for the list of runs. Before the quote, points or discount may be 0, which means not known. */
export function summaryOf({
  program,
  store,
  points,
  discount,
}: Pick<RedemptionView, 'program' | 'store' | 'points' | 'discount'>): string {
  const worth = isKnown(discount) ? moneyText(discount) : undefined;
  const taken = points > 0 ? `${points} points` : undefined;
  const what =
    taken !== undefined && worth !== undefined
      ? `${taken} for ${worth}`
      : (taken ?? `${worth ?? 'nothing'} in points`);
  return `${what} at store ${store}, ${program}`;
}

/** Returns false before the quote, when the discount is 0. */
export function isKnown({ amount }: RedemptionView['discount']): boolean {
  return /[1-9]/.test(amount);
}

export function moneyText({ amount, currency }: RedemptionView['discount']): string {
  return `${amount} ${currency}`;
}
