import { CancellationScope, setHandler } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import { PaymentFacts, readPaymentEvent } from '../domain/payment-facts.ts';
import { received } from '../domain/provenance.ts';
import type { Reason } from '../domain/statuses.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { deduct } from './deduct.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import { paymentVoided, type FollowUpStart, type Outcome } from './messages.ts';
import { Progress } from './progress.ts';
import { startWatch } from './start-follow-up.ts';
import type { DeductionWindow } from './step-result.ts';

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

async function openCase(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  const facts = factsOf(start);
  progress.knows({ payment: 'captured after the points had gone back' });
  progress.receiveMessages();
  setHandler(
    paymentVoided,
    (payload) => {
      const event = readPaymentEvent(received(payload).content);
      if (event === undefined || !facts.record('voided', event)) return;
      if (facts.voided.length > 0) progress.knows({ payment: 'voided' });
      progress.note('payment voided');
    },
    {
      description:
        'Records that the late payment was voided: {"eventId": "evt-3", "paymentId": "pay-1"}. Then there is nothing left to decide.',
    },
  );
  const isVoided = () => facts.voided.length > 0;
  return CancellationScope.nonCancellable(() => run({ start, progress, isVoided }));
}

/** Starts with the late payment, so that a refund of a part of it does not count as a void. */
function factsOf({ captured = [] }: FollowUpStart): PaymentFacts {
  const facts = new PaymentFacts();
  for (const [index, { paymentId, amount }] of captured.entries())
    facts.record('captured', { eventId: String(index), paymentId, amount });
  return facts;
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
  { start, progress }: Case,
  order: DeductionOrder,
  { kind, reason }: Ended,
): Promise<Outcome> {
  progress.end(kind, reason);
  // `completed` was notified before the last check for a void, because nothing may be awaited after that check.
  await progress.finish();
  const { fulfils, captured = [], notifies } = start;
  return { kind, redemption: progress.view(), voided: [], captured, order, fulfils, notifies };
}

interface Ended {
  readonly kind: 'completed' | 'compensated';
  /** Absent for `completed`. */
  readonly reason?: Reason;
}

type Taken = Ended | { readonly kind: 'failed'; readonly detail: string };

/** Repeats the steps from the deduction to the fulfilment. Gives the points back if the payment is voided meanwhile. */
async function takeAgain(late: Case, order: DeductionOrder): Promise<Taken> {
  const { start, progress, isVoided } = late;
  const compensations = new Compensations();
  let reference: string | undefined;
  progress.move('deducting');
  compensations.add(restoration(progress, order, () => reference));
  const deduction = await deduct(progress, order, windowOf(order, isVoided));
  if (deduction.kind === 'declined') {
    if (deduction.mayLandLate)
      await startWatch({ ...start, ended: { ...start.ended, status: 'declined' }, order });
    const why = deduction.message ?? deduction.reason;
    return { kind: 'failed', detail: `The points could not be taken again (${why})` };
  }
  reference = deduction.reference;
  progress.deducted(reference);
  if (isVoided()) return giveBackVoided(late, compensations);

  progress.move('fulfilling');
  if (start.fulfils && !(await fulfilAgain(late, compensations))) {
    await giveBack(progress, compensations, 'fulfilment-failed');
    return { kind: 'failed', detail: 'The points were taken again and could not be fulfilled' };
  }
  progress.tell({ ...progress.view(), status: 'completed' });
  await progress.finish();
  return isVoided() ? giveBackVoided(late, compensations) : { kind: 'completed' };
}

const VOIDED = { reason: 'payment-voided' } as const;

async function giveBackVoided({ progress }: Case, compensations: Compensations): Promise<Ended> {
  return { kind: await giveBack(progress, compensations, VOIDED.reason), ...VOIDED };
}

function fulfilAgain({ start, progress }: Case, compensations: Compensations): Promise<boolean> {
  const { program, redemptionId, store } = start.ended;
  const { points, discount } = progress.view();
  const { till } = start.order;
  compensations.add(cancellation(progress, { program, redemptionId }));
  return fulfilOrder(progress, { program, redemptionId, points, discount, store, till });
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
