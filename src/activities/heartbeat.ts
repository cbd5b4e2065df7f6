import { Context } from '@temporalio/activity';
import type { LookUpMemory } from '../loyalty/provider.ts';

/** Several beats fit into the heartbeat time-out, so that one lost beat does not count as a lost worker. */
const BEAT_MS = 3_000;

/**
 * Tells the server that this worker is alive while `work` runs, so that a killed worker is noticed soon. What `work` keeps in
 * its memory travels with the beats, and the next attempt recalls it.
 */
export async function heartbeating<T>(
  work: (signal: AbortSignal, memory: LookUpMemory) => Promise<T>,
): Promise<T> {
  const context = Context.current();
  let kept: unknown = context.info.heartbeatDetails;
  const memory: LookUpMemory = {
    recall: () => kept,
    keep: (progress) => {
      kept = progress;
    },
  };
  const beat = setInterval(() => context.heartbeat(kept), BEAT_MS);
  try {
    return await work(context.cancellationSignal, memory);
  } catch (error) {
    if (kept !== undefined) context.heartbeat(kept);
    throw error;
  } finally {
    clearInterval(beat);
  }
}
