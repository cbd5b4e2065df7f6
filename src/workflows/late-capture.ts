import {
  CancellationScope,
  allHandlersFinished,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { DeductionOrder } from '../activities/deduction.ts';
import { startWatch, type Aftermath } from './start-follow-up.ts';
import { Compensations } from './compensations.ts';
import { deduct } from './deduct.ts';
import { fulfilOrder } from './fulfil-order.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import { paymentVoided } from './messages.ts';
import { PaymentFacts, readPaymentEvent } from '../domain/payment-facts.ts';
import type { Outcome } from './redemption.ts';
import type { Reason } from '../domain/redemption-state.ts';
import { Story } from './progress.ts';
import type { Attempt } from './step-result.ts';

const DEDUCT_WITHIN_MS = 30_000;

/** A payment that was captured after the points had gone back: open until an operator takes them again, or accepts. */
export async function lateCapture(start: Aftermath): Promise<Outcome> {
  const story = new Story(start.ended, start.notifies);
  const facts = factsOf(start);
  story.knows({ payment: 'captured after the points had gone back' });
  story.receiveMessages();
  setHandler(
    paymentVoided,
    (payload) => {
      const event = readPaymentEvent(payload);
      if (event === undefined || !facts.record('voided', event)) return;
      if (facts.voided.length > 0) story.knows({ payment: 'voided' });
      story.note('payment voided');
    },
    {
      description:
        'The late payment was voided after all: {"eventId": "evt-3", "paymentId": "pay-1"}. Nothing is left to decide.',
    },
  );
  return CancellationScope.nonCancellable(() => run(start, story, () => facts.voided.length > 0));
}

/** The payment that came late, so that a refund of a part of it is no void. */
function factsOf({ captured = [] }: Aftermath): PaymentFacts {
  const facts = new PaymentFacts();
  for (const [index, { paymentId, amount }] of captured.entries())
    facts.record('captured', { eventId: String(index), paymentId, amount });
  return facts;
}

async function run(start: Aftermath, story: Story, isVoided: () => boolean): Promise<Outcome> {
  const { ended, order, fulfils, captured = [], notifies } = start;
  let detail: string | undefined;
  for (let round = 1; ; round += 1) {
    const answer = await story.needAttention('late-capture', {
      settled: isVoided,
      ...(detail !== undefined && { detail }),
    });
    const taken =
      answer?.kind === 'deduct-again'
        ? await takeAgain(start, story, round, isVoided)
        : ({ kind: 'compensated', reason: ended.reason ?? 'operator' } as const);
    detail = taken.kind === 'failed' ? taken.detail : undefined;
    if (taken.kind === 'failed') continue;
    story.move(taken.kind, taken.kind === 'compensated' ? { reason: taken.reason } : {});
    // What is completed was told before the last look for a void: nothing is awaited after that.
    if (taken.kind === 'compensated') await story.told;
    // Whoever waits for an answer has it by now: this passes on without a pause that a void could come in.
    await condition(allHandlersFinished);
    return {
      kind: taken.kind,
      redemption: story.view(),
      voided: [],
      captured,
      order: story.order ?? order,
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
  start: Aftermath,
  story: Story,
  round: number,
  isVoided: () => boolean,
): Promise<Taken> {
  story.move('deducting');
  const again = orderAgain(start.order, round);
  story.order = again;
  const deduction = await deduct(story, again, attemptAt(again, isVoided));
  if (deduction.kind === 'declined') {
    if (deduction.mayLandLate)
      await startWatch({ ...start, ended: { ...start.ended, status: 'declined' }, order: again });
    const why = deduction.message ?? deduction.reason;
    return { kind: 'failed', detail: `The points could not be taken again (${why})` };
  }
  story.deducted(deduction.reference);
  const compensations = new Compensations();
  compensations.add(restoration(story, again, () => deduction.reference));
  if (isVoided())
    return { kind: await giveBack(story, compensations, 'payment-voided'), ...VOIDED };

  story.move('fulfilling');
  if (start.fulfils && !(await fulfilAgain(start, story, compensations))) {
    await giveBack(story, compensations, 'fulfilment-failed');
    return { kind: 'failed', detail: 'The points were taken again and could not be fulfilled' };
  }
  story.tell({ ...story.view(), status: 'completed' });
  await story.told;
  await condition(allHandlersFinished);
  if (isVoided())
    return { kind: await giveBack(story, compensations, 'payment-voided'), ...VOIDED };
  return { kind: 'completed' };
}

const VOIDED = { reason: 'payment-voided' } as const;

function fulfilAgain(
  { ended, order }: Aftermath,
  story: Story,
  compensations: Compensations,
): Promise<boolean> {
  const { program, redemptionId, store } = ended;
  const { points, discount } = story.view();
  compensations.add(cancellation(story, { program, redemptionId }));
  return fulfilOrder(story, { program, redemptionId, points, discount, store, till: order.till });
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

function attemptAt({ deductBy, answerMs }: DeductionOrder, isVoided: () => boolean): Attempt {
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
