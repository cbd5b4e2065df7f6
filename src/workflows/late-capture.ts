import {
  CancellationScope,
  allHandlersFinished,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import { PaymentFacts, readPaymentEvent } from '../domain/payment-facts.ts';
import type { Reason } from '../domain/statuses.ts';
import { Compensations } from './compensations.ts';
import { deduct } from './deduct.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import { paymentVoided, type FollowUpStart, type Outcome } from './messages.ts';
import { Progress } from './progress.ts';
import { startWatch } from './start-follow-up.ts';
import type { DeductionWindow } from './step-result.ts';

const DEDUCT_WITHIN_MS = 30_000;

/** A payment that was captured after the points had gone back: open until an operator takes them again, or accepts. */
export async function lateCapture(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  const facts = factsOf(start);
  progress.knows({ payment: 'captured after the points had gone back' });
  progress.receiveMessages();
  setHandler(
    paymentVoided,
    (payload) => {
      const event = readPaymentEvent(payload);
      if (event === undefined || !facts.record('voided', event)) return;
      if (facts.voided.length > 0) progress.knows({ payment: 'voided' });
      progress.note('payment voided');
    },
    {
      description:
        'The late payment was voided after all: {"eventId": "evt-3", "paymentId": "pay-1"}. Nothing is left to decide.',
    },
  );
  return CancellationScope.nonCancellable(() =>
    run(start, progress, () => facts.voided.length > 0),
  );
}

/** The payment that came late, so that a refund of a part of it is no void. */
function factsOf({ captured = [] }: FollowUpStart): PaymentFacts {
  const facts = new PaymentFacts();
  for (const [index, { paymentId, amount }] of captured.entries())
    facts.record('captured', { eventId: String(index), paymentId, amount });
  return facts;
}

async function run(
  start: FollowUpStart,
  progress: Progress,
  isVoided: () => boolean,
): Promise<Outcome> {
  const { ended, order, fulfils, captured = [], notifies } = start;
  let detail: string | undefined;
  for (let round = 1; ; round += 1) {
    const answer = await progress.needAttention('late-capture', {
      settled: isVoided,
      ...(detail !== undefined && { detail }),
    });
    const taken =
      answer?.kind === 'deduct-again'
        ? await takeAgain(start, progress, round, isVoided)
        : ({ kind: 'compensated', reason: ended.reason ?? 'operator' } as const);
    detail = taken.kind === 'failed' ? taken.detail : undefined;
    if (taken.kind === 'failed') continue;
    progress.move(taken.kind, taken.kind === 'compensated' ? { reason: taken.reason } : {});
    // What is completed was told before the last look for a void: nothing is awaited after that.
    if (taken.kind === 'compensated') await progress.told;
    // Whoever waits for an answer has it by now: this passes on without a pause that a void could come in.
    await condition(allHandlersFinished);
    return {
      kind: taken.kind,
      redemption: progress.view(),
      voided: [],
      captured,
      order: progress.order ?? order,
      fulfils,
      notifies,
    };
  }
}

type Taken =
  | { readonly kind: 'completed' }
  | { readonly kind: 'compensated'; readonly reason: Reason }
  | { readonly kind: 'failed'; readonly detail: string };

/** Once more from the deduction to the fulfilment; what was taken goes back when the payment is voided meanwhile. */
async function takeAgain(
  start: FollowUpStart,
  progress: Progress,
  round: number,
  isVoided: () => boolean,
): Promise<Taken> {
  progress.move('deducting');
  const again = orderAgain(start.order, round);
  progress.order = again;
  const deduction = await deduct(progress, again, attemptAt(again, isVoided));
  if (deduction.kind === 'declined') {
    if (deduction.mayLandLate)
      await startWatch({ ...start, ended: { ...start.ended, status: 'declined' }, order: again });
    const why = deduction.message ?? deduction.reason;
    return { kind: 'failed', detail: `The points could not be taken again (${why})` };
  }
  progress.deducted(deduction.reference);
  const compensations = new Compensations();
  compensations.add(restoration(progress, again, () => deduction.reference));
  if (isVoided())
    return { kind: await giveBack(progress, compensations, 'payment-voided'), ...VOIDED };

  progress.move('fulfilling');
  if (start.fulfils && !(await fulfilAgain(start, progress, compensations))) {
    await giveBack(progress, compensations, 'fulfilment-failed');
    return { kind: 'failed', detail: 'The points were taken again and could not be fulfilled' };
  }
  progress.tell({ ...progress.view(), status: 'completed' });
  await progress.told;
  await condition(allHandlersFinished);
  if (isVoided())
    return { kind: await giveBack(progress, compensations, 'payment-voided'), ...VOIDED };
  return { kind: 'completed' };
}

const VOIDED = { reason: 'payment-voided' } as const;

function fulfilAgain(
  { ended, order }: FollowUpStart,
  progress: Progress,
  compensations: Compensations,
): Promise<boolean> {
  const { program, redemptionId, store } = ended;
  const { points, discount } = progress.view();
  compensations.add(cancellation(progress, { program, redemptionId }));
  return fulfilOrder(progress, {
    program,
    redemptionId,
    points,
    discount,
    store,
    till: order.till,
  });
}

/** Under an id of its own, so that a look-up never takes the first deduction for this one. */
function orderAgain(order: DeductionOrder, round: number): DeductionOrder {
  return {
    ...order,
    redemptionId: `${order.redemptionId}~${round}`,
    since: new Date().toISOString(),
    deductBy: Date.now() + DEDUCT_WITHIN_MS,
    answerMs: DEDUCT_WITHIN_MS / 3,
  };
}

function attemptAt(
  { deductBy, answerMs }: DeductionOrder,
  isVoided: () => boolean,
): DeductionWindow {
  return {
    get stopped() {
      return isVoided() ? 'payment-voided' : undefined;
    },
    get leftMs() {
      return deductBy - Date.now();
    },
    answerMs,
  };
}
