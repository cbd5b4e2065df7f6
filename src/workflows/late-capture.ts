import { CancellationScope, patched, setHandler } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import { PaymentFacts, readPaymentEvent } from '../domain/payment-facts.ts';
import { received } from '../domain/provenance.ts';
import type { CompensationReason, Reason } from '../domain/statuses.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { deduct } from './deduct.ts';
import { giveBack } from './give-back.ts';
import { paymentVoided, type FollowUpStart, type Outcome } from './messages.ts';
import { Progress } from './progress.ts';
import { fulfilPaid, takePoints } from './spend.ts';
import { startWatch } from './start-follow-up.ts';
import type { Declined, DeductionWindow, GiveBack, StepResult } from './step-result.ts';
import { CASE_GUARDS } from './versions.ts';

const DEDUCT_WITHIN_MS = 30_000;

interface Case {
  readonly start: FollowUpStart;
  readonly progress: Progress;
  /** True once the late payment was voided after all. */
  readonly isVoided: () => boolean;
}

/** Handles a payment that was captured after the points had gone back. It stays open until an operator decides. */
export const lateCapture = bound(
  ({ ended }: FollowUpStart) => workflowIdOf('case', ended),
  openCase,
);

export async function openCase(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  const facts = PaymentFacts.after(start.captured ?? []);
  // The void of an attempt that was not captured leaves the late payment standing.
  const isVoided = () =>
    facts.outcome('many') === 'voided' || (facts.voided.length > 0 && !patched(CASE_GUARDS));
  progress.knows({ payment: 'captured after the points had gone back' });
  progress.receiveMessages();
  setHandler(
    paymentVoided,
    (payload) => {
      const event = readPaymentEvent(received(payload).content);
      if (event === undefined || !facts.record('voided', event)) return;
      if (isVoided()) progress.knows({ payment: 'voided' });
      progress.note(isVoided() ? 'payment voided' : 'a void of another payment was recorded');
    },
    {
      description:
        'Records that the late payment was voided: {"eventId": "evt-3", "paymentId": "pay-1"}. Then there is nothing left to decide.',
    },
  );
  const late = { start, progress, isVoided };
  return CancellationScope.nonCancellable(() =>
    run(late).catch(async (error: unknown) =>
      outcomeOf(late, start.order, await progress.settleByHand(error)),
    ),
  );
}

async function run(late: Case): Promise<Outcome> {
  const { start, progress, isVoided } = late;
  let detail: string | undefined;
  for (let round = 1; ; round += 1) {
    const answer = await progress.needAttention('late-capture', { settled: isVoided, detail });
    if (answer?.kind !== 'deduct-again') return leave(late);
    const order = orderAgain(start.order, round);
    const taken = await takeAgain(late, order);
    if (taken.kind !== 'failed') return ended(late, order, taken);
    ({ detail } = taken);
  }
}

/** Leaves the points where they are, because the payment was voided or the shop bears the discount. */
function leave(late: Case): Promise<Outcome> {
  const { ended: sale, order } = late.start;
  return ended(late, order, { kind: 'compensated', reason: sale.reason ?? 'operator' });
}

async function ended(
  late: Case,
  order: DeductionOrder,
  { kind, reason, isTold }: Ended,
): Promise<Outcome> {
  late.progress.end(kind, reason);
  if (!isTold) await late.progress.finish();
  return outcomeOf(late, order, kind);
}

function outcomeOf(
  { start, progress }: Case,
  order: DeductionOrder,
  kind: Outcome['kind'],
): Outcome {
  const { fulfils, captured = [], notifies } = start;
  return { kind, redemption: progress.view(), voided: [], captured, order, fulfils, notifies };
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
  const { start, progress, isVoided } = late;
  const compensations = new Compensations();
  const result = await spendAgain(late, order, compensations);
  if (result.kind === 'declined') {
    const why = result.message ?? result.reason;
    const detail = `The points could not be taken again (${why})`;
    if (!result.mayLandLate) return { kind: 'failed', detail };
    const asDeclined = { ...start, ended: { ...start.ended, status: 'declined' as const }, order };
    if ((await startWatch(asDeclined)) === 'started') return { kind: 'failed', detail };
    const unwatched =
      'nobody looks whether they land late, because a run that is not ours has taken the id of the watch: check at the provider';
    return { kind: 'failed', detail: `${detail}, and ${unwatched}` };
  }
  if (result.kind === 'spent') {
    progress.tell({ ...progress.view(), status: 'completed' });
    await progress.finish();
    if (!isVoided()) return { kind: 'completed', isTold: true };
  }
  const reason = result.kind === 'spent' ? 'payment-voided' : result.reason;
  const kind = await giveBack(progress, compensations, reason);
  if (kind === 'completed') return { kind };
  return reason === 'payment-voided' ? { kind, reason } : { kind: 'failed', detail: why(reason) };
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

/** Gives the second deduction an id of its own, so that a look-up cannot confuse the two. */
function orderAgain(order: DeductionOrder, round: number): DeductionOrder {
  return {
    ...order,
    redemptionId: `${order.redemptionId}~${round}`,
    since: new Date().toISOString(),
    deductBy: Date.now() + DEDUCT_WITHIN_MS,
    answerMs: DEDUCT_WITHIN_MS / 3,
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
