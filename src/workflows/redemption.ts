import { CancellationScope, TemporalFailure, workflowInfo } from '@temporalio/workflow';
import type { BalanceCheck, DeductionOrder, Terms } from '../domain/orders.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { CompensationReason } from '../domain/statuses.ts';
import { saleIdIn, workflowIdOf } from '../domain/temporal-names.ts';
import { checkBalanceAtOnce, checkBalanceWithin, findDeductionAtLast } from './activities.ts';
import { awaitPayment } from './await-payment.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { deduct, deductionOrder } from './deduct.ts';
import { giveBack } from './give-back.ts';
import type { Outcome, RedemptionStart } from './messages.ts';
import { openCase } from './late-capture.ts';
import { watchForDeduction } from './late-deduction-watch.ts';
import { resolveDeduction } from './resolve-deduction.ts';
import { Sale } from './sale.ts';
import { fulfilPaid, takePoints } from './spend.ts';
import { startCase, startWatch } from './start-follow-up.ts';
import {
  declineBeforeDeduction,
  giveBackBecause,
  failureReason,
  type Declined,
  type Deducted,
  type StepResult,
} from './step-result.ts';

/** Takes the points, holds them while the customer pays, then spends them or gives them back. */
export const redemption = bound(
  ({ request }: RedemptionStart) => workflowIdOf('redemption', request),
  redeem,
  refuseStray,
);

async function redeem(start: RedemptionStart): Promise<Outcome> {
  const sale = new Sale(start);
  sale.receiveMessages();
  CancellationScope.current().cancelRequested.catch(() => sale.cancel());
  // Shielded, because a cancellation must not cut a step short. The steps notice it, and give the points back.
  return CancellationScope.nonCancellable(() =>
    run(sale).catch(async (error: unknown) => ended(sale, await sale.progress.settleByHand(error))),
  );
}

/** Nothing is known of it but its id, and nothing was taken. */
function refuseStray(): Outcome {
  const redemption: RedemptionView = {
    ...saleIdIn(workflowInfo().workflowId),
    store: 'unknown',
    status: 'declined',
    reason: 'rejected',
    granted: false,
    points: 0,
    // ISO 4217's code for no currency.
    discount: { amount: '0', currency: 'XXX' },
    message: 'the run was not started by a process that has the keys, for this redemption',
    timeline: [],
  };
  return { kind: 'declined', isStray: true, redemption, voided: [], fulfils: false };
}

async function run(sale: Sale): Promise<Outcome> {
  const compensations = new Compensations();
  const result = await spend(sale, compensations);
  if (result.kind === 'declined') return decline(sale, result);
  if (result.kind === 'give-back') return compensate(sale, compensations, result.reason);

  await sale.progress.finish();
  // Nothing is awaited from here to the return, so a void is either seen here or finds the run closed.
  if (sale.stopped !== undefined) return compensate(sale, compensations, sale.stopped);
  sale.progress.move('completed');
  return ended(sale, 'completed');
}

async function spend(sale: Sale, compensations: Compensations): Promise<StepResult> {
  const { progress } = sale;
  const { terms, objection } = await checkBalance(sale);
  if (terms === undefined || (objection !== undefined && !sale.isReset))
    return objection ?? UNQUOTED;

  progress.move('deducting');
  const order = deductionOrder(sale, terms);
  sale.order = order;
  const spending = { progress, compensations, order, window: sale };
  const over = await takePoints(
    spending,
    () => (sale.isReset ? findAfterReset(sale, order, objection) : deduct(progress, order, sale)),
    ({ isAdopted = false }) => sale.isTooLate || isAdopted,
  );
  if (over !== undefined) return over;

  const paymentBy = new Date(Date.now() + terms.paymentDeadlineMs);
  progress.knows({ paymentBy: paymentBy.toISOString() });
  progress.move('awaiting-payment');
  const unpaid = await awaitPayment(sale, terms);
  if (unpaid !== undefined) return giveBackBecause(unpaid);

  return fulfilPaid(spending, terms, sale.id);
}

const UNQUOTED: Declined = { kind: 'declined', reason: 'provider-failed' };

/** Returns an objection to the redemption, if there is one, and the terms, if the provider got that far. */
async function checkBalance(sale: Sale): Promise<{ terms?: Terms; objection?: Declined }> {
  const early = declineBeforeDeduction(sale);
  if (early !== undefined && !sale.isReset) return { objection: early };
  try {
    const check = await askBalance(sale);
    const { terms } = check;
    if (terms !== undefined) {
      sale.terms = terms;
      sale.progress.quoted(terms);
    }
    const objection = check.kind === 'declined' ? check : declineBeforeDeduction(sale);
    return {
      ...(terms && { terms }),
      ...(objection && { objection: { ...objection, kind: 'declined' } }),
    };
  } catch (error) {
    return {
      objection: { kind: 'declined', reason: 'provider-failed', message: failureReason(error) },
    };
  }
}

/** Asks once without a separate task, which is enough for a quick provider. Otherwise asks again while the till waits. */
async function askBalance(sale: Sale): Promise<BalanceCheck> {
  // The time may run out while the balance is asked for at once, and a limit below zero would fail the task.
  const limitMs = () => (sale.isReset ? undefined : Math.max(sale.leftMs(), 1));
  if (sale.asksAtOnce)
    try {
      return await checkBalanceAtOnce(limitMs())(sale.request);
    } catch (error) {
      if (!(error instanceof TemporalFailure)) throw error;
    }
  return checkBalanceWithin(limitMs())(sale.request);
}

/**
 * Looks for the deduction of a run that was reset, and sends none, because the one that was sent before the reset may still
 * be in flight.
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
  return resolveDeduction(sale.progress, order, sale, { message: 'the run was reset' });
}

// The endings.

async function decline(sale: Sale, declined: Declined): Promise<Outcome> {
  const { progress } = sale;
  const reason =
    declined.mayLandLate && sale.stopped === 'payment-voided' ? 'voided' : declined.reason;
  progress.move('declined', { ...declined, reason });
  await progress.flush();
  if (declined.mayLandLate && sale.order !== undefined) {
    const start = {
      ended: progress.view(),
      order: sale.order,
      fulfils: false,
      notifies: progress.notifies,
    };
    if ((await startWatch(start)) === 'taken')
      return goOn(sale, 'the id of its watch is taken', () => watchForDeduction(start));
  }
  await progress.finish();
  return ended(sale, 'declined');
}

async function compensate(
  sale: Sale,
  compensations: Compensations,
  reason: CompensationReason,
): Promise<Outcome> {
  const { progress } = sale;
  sale.givesBack();
  const ending = await giveBack(progress, compensations, reason);
  progress.end(ending, reason);
  await progress.finish();
  if (ending === 'compensated' && sale.isLateCaptured && sale.order !== undefined) {
    const start = {
      ended: progress.view(),
      order: sale.order,
      fulfils: sale.terms?.fulfils ?? false,
      notifies: progress.notifies,
      basket: sale.request.basket,
      ...sale.facts.handedOn,
    };
    if ((await startCase(start)) === 'taken')
      return goOn(sale, 'the id of its case is taken', () => openCase(start));
  }
  return ended(sale, ending);
}

/**
 * Does the work of a follow-up in the sale's own run, because somebody without the keys has taken the id that the follow-up
 * would have. The sale must not end silently.
 */
async function goOn(sale: Sale, why: string, followUp: () => Promise<Outcome>): Promise<Outcome> {
  sale.progress.note(`${why} by a run that is not ours, so the sale goes on itself`);
  const { timeline } = sale.progress.view();
  await sale.progress.finish();
  const outcome = await followUp();
  const { redemption } = outcome;
  return {
    ...outcome,
    fingerprint: sale.fingerprint,
    redemption: { ...redemption, timeline: [...timeline, ...redemption.timeline] },
  };
}

function ended(sale: Sale, kind: Outcome['kind']): Outcome {
  const { order } = sale;
  return {
    kind,
    fingerprint: sale.fingerprint,
    redemption: sale.progress.view(),
    basket: sale.request.basket,
    ...sale.facts.handedOn,
    fulfils: sale.terms?.fulfils ?? false,
    notifies: sale.progress.notifies,
    ...(order !== undefined && { order }),
  };
}
