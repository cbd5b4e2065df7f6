import {
  CancellationScope,
  TemporalFailure,
  allHandlersFinished,
  condition,
} from '@temporalio/workflow';
import type { BalanceCheck, Terms } from '../activities/balance.ts';
import type { DeductionOrder } from '../activities/deduction.ts';
import { checkBalanceAtOnce, checkBalanceWithin, findDeductionAtLast } from './activities.ts';
import { startCase, startWatch } from './start-follow-up.ts';
import { awaitPayment } from './await-payment.ts';
import { Compensations } from './compensations.ts';
import { deduct, deductionOrder, type Deducted } from './deduct.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import type { RedemptionStart } from './messages.ts';
import type { Paid } from '../domain/payment-facts.ts';
import type { CompensationReason, RedemptionView } from '../domain/redemption-state.ts';
import { resolveDeduction } from './resolve-deduction.ts';
import { Sale } from './sale.ts';
import {
  declineBeforeDeduction,
  giveBackBecause,
  why,
  type Declined,
  type Verdict,
} from './step-result.ts';

/** How a redemption ended; `redemption` tells the rest. */
export interface Outcome {
  readonly kind: 'completed' | 'declined' | 'compensated';
  readonly redemption: RedemptionView;
  /** What was voided of its payments; the sale as a whole is the empty string. */
  readonly voided: readonly string[];
  /** What was captured, as far as it is known; absent in runs from before it was kept. */
  readonly captured?: readonly Paid[];
  /** Whether the program fulfils, so that there may be a fulfilment to cancel. */
  readonly fulfils: boolean;
  /** Whether the POS is told what becomes of the sale; absent in runs from before that could be. */
  readonly notifies?: boolean | undefined;
  /** What a reversal or a case needs; absent where no deduction was attempted. */
  readonly order?: DeductionOrder;
}

/** One redemption: takes the points, holds them while the customer pays, then spends them or gives them back. */
export async function redemption(start: RedemptionStart): Promise<Outcome> {
  const sale = new Sale(start);
  sale.receiveMessages();
  CancellationScope.current().cancelRequested.catch(() => sale.cancel());
  // Shielded, so that a cancellation cuts no step short: the steps look at what happened, and give back.
  return CancellationScope.nonCancellable(() => run(sale));
}

async function run(sale: Sale): Promise<Outcome> {
  const compensations = new Compensations();
  const verdict = await spend(sale, compensations);
  if (verdict.kind === 'declined') return decline(sale, verdict);
  if (verdict.kind === 'give-back') return compensate(sale, compensations, verdict.reason);

  await sale.story.told;
  await condition(allHandlersFinished);
  // From this look to the return nothing is awaited, so that a void either is seen here or finds the run closed.
  if (sale.stopped !== undefined) return compensate(sale, compensations, sale.stopped);
  sale.story.move('completed');
  return ended(sale, 'completed');
}

async function spend(sale: Sale, compensations: Compensations): Promise<Verdict> {
  const { story } = sale;
  const { terms, objection } = await checkBalance(sale);
  if (terms === undefined || (objection !== undefined && !sale.isReset))
    return objection ?? UNQUOTED;

  story.move('deducting');
  const order = deductionOrder(sale, terms);
  story.order = order;
  let reference: string | undefined;
  compensations.add(restoration(story, order, () => reference));
  const deduction = await (sale.isReset
    ? findAfterReset(sale, order, objection)
    : deduct(story, order, sale));
  if (deduction.kind === 'declined') return deduction;
  reference = deduction.reference;
  story.deducted(reference);
  if (deduction.balance !== undefined && deduction.balance < 0) return giveBackBecause('overspent');
  if (sale.isTooLate || deduction.isAdopted) return giveBackBecause('too-late');
  if (sale.stopped !== undefined) return giveBackBecause(sale.stopped);

  const paymentBy = new Date(Date.now() + terms.paymentDeadlineMs);
  story.knows({ paymentBy: paymentBy.toISOString() });
  story.move('awaiting-payment');
  const unpaid = await awaitPayment(sale, terms);
  if (unpaid !== undefined) return giveBackBecause(unpaid);

  story.move('fulfilling');
  if (!terms.fulfils) return { kind: 'spent' };
  compensations.add(cancellation(story, sale.id));
  const { store, till } = sale.request;
  const { points, discount } = terms;
  const isFulfilled = await fulfilOrder(story, { ...sale.id, points, discount, store, till });
  return isFulfilled ? { kind: 'spent' } : giveBackBecause(sale.stopped ?? 'fulfilment-failed');
}

const UNQUOTED: Declined = { kind: 'declined', reason: 'provider-failed' };

/** What speaks against the redemption, and, as far as the provider got, what was agreed. */
async function checkBalance(sale: Sale): Promise<{ terms?: Terms; objection?: Declined }> {
  const early = declineBeforeDeduction(sale);
  if (early !== undefined && !sale.isReset) return { objection: early };
  try {
    const check = await askBalance(sale);
    const { terms } = check;
    if (terms !== undefined) {
      sale.terms = terms;
      sale.story.quoted(terms);
    }
    const objection = check.kind === 'declined' ? check : declineBeforeDeduction(sale);
    return {
      ...(terms && { terms }),
      ...(objection && { objection: { ...objection, kind: 'declined' } }),
    };
  } catch (error) {
    return { objection: { kind: 'declined', reason: 'provider-failed', message: why(error) } };
  }
}

/** At most providers that is at once. One that is slow or in trouble is asked again, for as long as the till waits. */
async function askBalance(sale: Sale): Promise<BalanceCheck> {
  const limitMs = () => (sale.isReset ? undefined : sale.leftMs);
  if (sale.asksAtOnce)
    try {
      return await checkBalanceAtOnce(limitMs())(sale.request);
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
    }
  return checkBalanceWithin(limitMs())(sale.request);
}

/**
 * A run that was reset may have sent its deduction before, and it may be under way still: it is looked for, and nothing is
 * sent again.
 */
async function findAfterReset(
  sale: Sale,
  order: DeductionOrder,
  objection: Declined | undefined,
): Promise<Deducted | Declined> {
  const found = await findDeductionAtLast(order);
  if (found.kind === 'found' && found.applied) return { ...found, kind: 'deducted' };
  if (found.kind === 'not-found' && objection !== undefined)
    return { ...objection, mayLandLate: true };
  return resolveDeduction(sale.story, order, sale, { message: 'the run was reset' });
}

// The endings.

async function decline(sale: Sale, declined: Declined): Promise<Outcome> {
  const { story } = sale;
  const reason =
    declined.mayLandLate && sale.stopped === 'payment-voided' ? 'voided' : declined.reason;
  story.move('declined', { ...declined, reason });
  await story.told;
  if (declined.mayLandLate && story.order !== undefined)
    await startWatch({
      ended: story.view(),
      order: story.order,
      fulfils: false,
      notifies: story.notifies,
    });
  await condition(allHandlersFinished);
  return ended(sale, 'declined');
}

async function compensate(
  sale: Sale,
  compensations: Compensations,
  reason: CompensationReason,
): Promise<Outcome> {
  const { story } = sale;
  sale.givesBack();
  const ending = await giveBack(story, compensations, reason);
  story.move(ending, ending === 'compensated' ? { reason } : {});
  await story.told;
  await condition(allHandlersFinished);
  if (ending === 'compensated' && sale.isLateCaptured && story.order !== undefined)
    await startCase({
      ended: story.view(),
      order: story.order,
      fulfils: sale.terms?.fulfils ?? false,
      captured: sale.facts.captured,
      notifies: story.notifies,
    });
  return ended(sale, ending);
}

function ended(sale: Sale, kind: Outcome['kind']): Outcome {
  const { order } = sale.story;
  return {
    kind,
    redemption: sale.story.view(),
    voided: sale.facts.voided,
    captured: sale.facts.captured,
    fulfils: sale.terms?.fulfils ?? false,
    notifies: sale.story.notifies,
    ...(order !== undefined && { order }),
  };
}
