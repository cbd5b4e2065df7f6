import { Context } from '@temporalio/activity';

/** Several beats fit into the heartbeat time-out, so that one lost beat does not count as a lost worker. */
const BEAT_MS = 3_000;

/** Tells the server that this worker is alive while `work` runs, so that a killed worker is noticed soon. */
export async function heartbeating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
