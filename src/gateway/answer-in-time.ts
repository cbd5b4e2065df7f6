import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problems.ts';

/** For what only asks Temporal. */
export const ANSWER_MS = 10_000;

/** Nobody is left without an answer, whatever hangs behind us; the work itself goes on. @throws Problem `unavailable` */
export async function answerInTime<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Problem('unavailable', { cause: new Error(`no answer within ${limitMs} ms`) });
  });
  // Stopped, because the work was done in time.
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
