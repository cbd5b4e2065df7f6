import { Context } from '@temporalio/activity';

/** A few beats fit into the heartbeat time-out that the saga sets, so that one lost beat is no lost worker. */
const BEAT_MS = 3_000;

/** Tells the server that this worker is alive while `work` runs, so that a killed one is noticed soon. */
export async function heartbeating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
