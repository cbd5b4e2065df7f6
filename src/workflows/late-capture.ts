import { CancellationScope, patched, setHandler } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import { PaymentFacts } from '../domain/payment-facts.ts';
import type { CompensationReason, Reason } from '../domain/statuses.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { deduct } from './deduct.ts';
import { giveBack } from './give-back.ts';
import { watched, type FollowUpStart, type Outcome } from './messages.ts';
import { paymentOutcome } from './payment-outcome.ts';
import { Progress } from './progress.ts';
import { receivePayments } from './receive-payments.ts';
import { fulfilPaid, takePoints } from './spend.ts';
import { startWatch } from './start-follow-up.ts';
import type { Declined, DeductionWindow, GiveBack, StepResult } from './step-result.ts';
import { CASE_GUARDS } from './versions.ts';

const DEDUCT_WITHIN_MS = 30_000;

interface Case {
  readonly start: FollowUpStart;
  readonly progress: Progress;
  readonly facts: PaymentFacts;
  /** True once no captured payment stands any more. */
  readonly isVoided: () => boolean;
  /** How many deductions were tried after the first one, also by earlier cases of the sale. */
  triedAgain: number;
  /** The ids of those that a watch looks for. */
  readonly watched: string[];
}

/**
 * Handles a payment that was captured after the points had gone back. It stays open until an operator decides. A void that
 * comes after the points went back opens it, too, and it ends at once: it remembers the void, because the capture may follow.
 */
export const lateCapture = bound(
  ({ ended }: FollowUpStart) => workflowIdOf('case', ended),
  openCase,
);

export async function openCase(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies, start.earlier);
  const facts = PaymentFacts.of(start);
  const late: Case = {
    start,
    progress,
    facts,
    isVoided: () => isVoided(facts, start),
    triedAgain: start.triedAgain ?? 0,
    watched: [...(start.watched ?? [])],
  };
  progress.knows({ payment: 'captured after the points had gone back' });
  progress.receiveMessages();
  receivePayments(progress, facts, late.isVoided);
  setHandler(watched, () => late.watched, {
    description:
      'The ids of the deductions of this case that may have landed late, so that a watch looks for them. Takes no input.',
  });
  return CancellationScope.nonCancellable(() =>
    run(late).catch(async (error: unknown) =>
      outcomeOf(late, start.order, await progress.settleByHand(error)),
    ),
  );
}

function isVoided(facts: PaymentFacts, { captured }: FollowUpStart): boolean {
  const outcome = paymentOutcome(facts, 'many');
  // The captures of a case from before they were kept are unknown, and one of them opened it.
  if (outcome === 'open') return captured !== undefined;
  // The void of an attempt that was not captured leaves the late payment standing.
  return outcome === 'voided' || (facts.voided.length > 0 && !patched(CASE_GUARDS));
}

async function run(late: Case): Promise<Outcome> {
  const { start, progress, isVoided } = late;
  if (isVoided()) {
    await progress.finish();
    // A capture may have come with the start.
    if (isVoided()) return outcomeOf(late, start.order, 'compensated');
  }
  let detail: string | undefined;
  for (;;) {
    const answer = await progress.needAttention('late-capture', { settled: isVoided, detail });
    detail = undefined;
    let left: Ended = { kind: 'compensated', reason: start.ended.reason ?? 'operator' };
    let { order } = start;
    if (answer?.kind === 'deduct-again' && (await isDiscounted(late))) {
      late.triedAgain += 1;
      order = orderAgain(late);
      const taken = await takeAgain(late, order);
      if (taken.kind === 'failed') {
        ({ detail } = taken);
        continue;
      }
      left = taken;
    }
    await end(progress, left);
    // Another payment may have been captured before the run could close.
    if (left.kind === 'completed' || answer?.kind === 'accept' || isVoided())
      return outcomeOf(late, order, left.kind);
  }
}

/** A payment of the whole basket shows that the customer had no discount, so a person says whether there is one to pay. */
async function isDiscounted({ start, progress, facts, isVoided }: Case): Promise<boolean> {
  const { basket } = start;
  if (basket === undefined || facts.excessOver(basket) !== 0) return true;
  const answer = await progress.needAttention('discount-not-applied', { settled: isVoided });
  return answer !== undefined;
}

async function end(progress: Progress, { kind, reason, isTold }: Ended): Promise<void> {
  if (progress.status !== kind) progress.end(kind, reason);
  if (!isTold) await progress.finish();
}

function outcomeOf(
  { start, progress, facts, triedAgain, watched }: Case,
  order: DeductionOrder,
  kind: Outcome['kind'],
): Outcome {
  const { fulfils, notifies, basket, isAgain } = start;
  return {
    kind,
    redemption: progress.view(),
    order,
    fulfils,
    notifies,
    triedAgain,
    watched,
    ...facts.handedOn,
    ...(basket !== undefined && { basket }),
    ...(isAgain !== undefined && { isAgain }),
  };
}

interface Ended {
  readonly kind: 'completed' | 'compensated';
  /** Absent for `completed`. */
  readonly reason?: Reason;
  /** Nothing may be awaited any more, because a void that came meanwhile would be lost. */
  readonly isTold?: true;
}

type Taken = Ended | { readonly kind: 'failed'; readonly detail: string };

/** Repeats the steps from the deduction to the fulfilment. What has to go back again, the shop decides about again. */
async function takeAgain(late: Case, order: DeductionOrder): Promise<Taken> {
  const { start, progress, facts, isVoided } = late;
  const compensations = new Compensations();
  const result = await spendAgain(late, order, compensations);
  if (result.kind === 'declined') {
    const why = result.message ?? result.reason;
    const detail = `The points could not be taken again (${why})`;
    if (!result.mayLandLate) return { kind: 'failed', detail };
    const asDeclined = { ...start, ended: { ...start.ended, status: 'declined' as const }, order };
    if ((await startWatch(asDeclined)) === 'started') {
      late.watched.push(order.redemptionId);
      return { kind: 'failed', detail };
    }
    const unwatched =
      'nobody looks whether they land late, because a run that is not ours has taken the id of the watch: check at the provider';
    return { kind: 'failed', detail: `${detail}, and ${unwatched}` };
  }
  if (result.kind === 'spent') {
    progress.tell({ ...progress.view(), status: 'completed' });
    await progress.finish();
    if (!isVoided()) return { kind: 'completed', isTold: true };
  }
  let reason = result.kind === 'spent' ? 'payment-voided' : result.reason;
  while ((await giveBack(progress, compensations, reason)) === 'completed') {
    // An operator let it stand. A void that comes before the run has closed counts, as one does that comes after.
    const known = facts.voids.length;
    progress.end('completed', undefined);
    await progress.finish();
    if (facts.voids.length === known || !isVoided()) return { kind: 'completed', isTold: true };
    reason = 'payment-voided';
  }
  return reason === 'payment-voided'
    ? { kind: 'compensated', reason }
    : { kind: 'failed', detail: why(reason) };
}

async function spendAgain(
  { start, progress, isVoided }: Case,
  order: DeductionOrder,
  compensations: Compensations,
): Promise<StepResult> {
  const spending = { progress, compensations, order, window: windowOf(order, isVoided) };
  const { fulfils, ended: sale } = start;
  progress.move('deducting');
  // Nobody waits at a till, so no deduction is too late for this customer, who has paid.
  const neverTooLate = () => false;
  const over = await takePoints(
    spending,
    () => deduct(progress, order, spending.window),
    neverTooLate,
  );
  if (over !== undefined && !isFromBefore(over)) return over;
  const { program, redemptionId, discount } = sale;
  return fulfilPaid(spending, { fulfils, discount }, { program, redemptionId });
}

/** Cases that went on after an overspend, before it was looked at, go on as they did. */
function isFromBefore(over: Declined | GiveBack): boolean {
  return over.kind === 'give-back' && over.reason === 'overspent' && !patched(CASE_GUARDS);
}

function why(reason: CompensationReason): string {
  return reason === 'overspent'
    ? 'The points were taken again while the member spent them elsewhere, so they were given back'
    : 'The points were taken again and could not be fulfilled, so they were given back';
}

/** Gives each further deduction an id of its own, so that a look-up cannot confuse any two. */
function orderAgain({ start: { order, ended: sale }, progress, triedAgain }: Case): DeductionOrder {
  const earlier = [sale.providerReference, progress.view().providerReference];
  return {
    ...order,
    redemptionId: `${sale.redemptionId}~${triedAgain}`,
    since: new Date().toISOString(),
    deductBy: Date.now() + DEDUCT_WITHIN_MS,
    answerMs: DEDUCT_WITHIN_MS / 3,
    earlierReferences: earlier.filter((reference) => reference !== undefined),
  };
}

function windowOf(
  { deductBy, answerMs }: DeductionOrder,
  isVoided: () => boolean,
): DeductionWindow {
  return {
    get stopped() {
      return isVoided() ? 'payment-voided' : undefined;
    },
    leftMs: () => deductBy - Date.now(),
    answerMs,
  };
}
