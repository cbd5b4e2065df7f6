/** Takes away one worker after the other, in the midst of what they do. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from './house.ts';
import type { Random } from './random.ts';

const PAUSE_MS = { shortest: 2_000, longest: 6_000 } as const;

export interface Killing {
  readonly kills: number;
  /** Resolves when every worker is back. @throws ChildError when one did not come back. */
  stop(): Promise<void>;
}

/** One at a time: the other one carries on, if it can. */
export function startKilling(workers: readonly Worker[], random: Random): Killing {
  const stopped = new AbortController();
  let kills = 0;
  const killing = (async () => {
    for (;;) {
      const pauseMs = random.integer(PAUSE_MS.shortest, PAUSE_MS.longest);
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      const worker = random.pick(workers);
      await worker.kill();
      kills += 1;
      await worker.start();
    }
  })();
  // Whoever stops it hears of it.
  killing.catch(() => undefined);
  return {
    get kills() {
      return kills;
    },
    async stop() {
      stopped.abort();
      await killing;
    },
  };
}
