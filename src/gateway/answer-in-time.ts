import { setTimeout as delay } from 'node:timers/promises';
import { formatDuration } from '../schemas/duration.ts';
import { Problem } from './problems.ts';

/** The limit for requests that only ask Temporal. */
export const ANSWER_MS = 10_000;

/** Limits the wait for an answer. The work itself goes on. @throws Problem `unavailable` when the time is over */
export async function answerInTime<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Problem('unavailable', {
      cause: new Error(`no answer within ${formatDuration(limitMs)}`),
    });
  });
  // The timer rejects when it is stopped, because the work was done in time.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
