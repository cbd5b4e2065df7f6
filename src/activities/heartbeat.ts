import { Context } from '@temporalio/activity';
import { received } from '../domain/provenance.ts';
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
  const details = received(context.info.heartbeatDetails);
  // Whoever reaches Temporal can beat in the name of an activity, and a made-up memory could hide what an earlier attempt did.
  let kept = details.provenance === 'sealed' ? details.content : undefined;
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
