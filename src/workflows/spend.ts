/** The steps that a sale and its late-capture case share: points are taken, and spent on what they buy. */
import { cancellation, restoration } from './give-back.ts';
import type { Compensations } from './compensations.ts';
import type { DeductionOrder, Terms } from '../domain/orders.ts';
import { fulfilOrder } from './fulfil-order.ts';
import type { Progress } from './progress.ts';
import {
  giveBackBecause,
  type Declined,
  type Deducted,
  type DeductionWindow,
  type GiveBack,
  type StepResult,
} from './step-result.ts';

/** What is taken, and why it may have to go back. */
export interface Spending {
  readonly progress: Progress;
  readonly compensations: Compensations;
  readonly order: DeductionOrder;
  readonly window: DeductionWindow;
}

/** Takes the points by `deduct`. Returns why the sale goes no further, or `undefined` if the points are held for it. */
export async function takePoints(
  { progress, compensations, order, window }: Spending,
  deduct: () => Promise<Deducted | Declined>,
  isTooLate: (deducted: Deducted) => boolean,
): Promise<Declined | GiveBack | undefined> {
  let reference: string | undefined;
  compensations.add(restoration(progress, order, () => reference));
  const deduction = await deduct();
  if (deduction.kind === 'declined') return deduction;
  reference = deduction.reference;
  progress.deducted(reference);
  if (deduction.balance !== undefined && deduction.balance < 0) return giveBackBecause('overspent');
  if (isTooLate(deduction)) return giveBackBecause('too-late');
  return window.stopped === undefined ? undefined : giveBackBecause(window.stopped);
}

/** Gives what the points bought, if the program fulfils. */
export async function fulfilPaid(
  { progress, compensations, order, window }: Spending,
  { fulfils, discount }: Pick<Terms, 'fulfils' | 'discount'>,
  sale: { readonly program: string; readonly redemptionId: string },
): Promise<StepResult> {
  progress.move('fulfilling');
  if (!fulfils) return { kind: 'spent' };
  compensations.add(cancellation(progress, sale));
  const { points, store, till } = order;
  const isFulfilled = await fulfilOrder(progress, { ...sale, points, discount, store, till });
  return isFulfilled ? { kind: 'spent' } : giveBackBecause(window.stopped ?? 'fulfilment-failed');
}
