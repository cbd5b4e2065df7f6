/**
 * Which answers of activities a run believes: those that a worker of ours encrypted for it. Whoever reaches Temporal can answer
 * a running activity by its id, or serve its task queue.
 */
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { UNSEALED_ORDER } from '../domain/orders.ts';
import { isOurs, received } from '../domain/provenance.ts';

/** Of an activity that returns something: only such an answer is told from a made-up one. */
type Activity<Order, Answer extends object> = (order: Order) => Promise<Answer>;

/** Calls it once. @throws ActivityFailure when the answer is not ours, because what the activity did is then unknown */
export function believed<Order, Answer extends object>(
  activity: Activity<Order, Answer>,
): Activity<Order, Answer> {
  return async (order) => contentOf(await activity(order)) ?? notOurs();
}

/**
 * Calls it again until the answer is ours, for an activity that may be repeated. It also repeats an order that an earlier
 * version encrypted for no run, and that workers refuse therefore. Neither happens without a cause from outside.
 */
export function untilBelieved<Order, Answer extends object>(
  activity: Activity<Order, Answer>,
  again: (order: Order) => Order = (order) => order,
): Activity<Order, Answer> {
  return async (first) => {
    for (let order = first; ; order = again(order)) {
      const answer = await activity(order).catch(orUnsealed);
      const content = answer === UNSEALED_ORDER ? undefined : contentOf(answer);
      if (content !== undefined) return content;
    }
  };
}

function contentOf<Answer extends object>(answer: Answer): Answer | undefined {
  const message = received(answer);
  return isOurs(message) ? ((message.content ?? undefined) as Answer | undefined) : undefined;
}

function orUnsealed(error: unknown): typeof UNSEALED_ORDER {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof ApplicationFailure && cause.type === UNSEALED_ORDER) return UNSEALED_ORDER;
  throw error;
}

function notOurs(): never {
  const why = 'the answer was not encrypted by a worker of ours';
  throw new ActivityFailure(
    why,
    'unknown',
    undefined,
    'NON_RETRYABLE_FAILURE',
    undefined,
    ApplicationFailure.nonRetryable(why, 'stray-answer'),
  );
}
