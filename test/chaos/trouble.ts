/** What goes wrong with the house itself, again and again, beside the faults of single calls. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random.ts';

/** Each is a run of its own; all but `kills-only` have faults at every call. */

export type Kind = 'kills' | 'kills-only' | 'server-restarts' | 'skip-clocks';

export interface Trouble {
  /** How often it struck. */
  readonly count: number;
  /** Resolves when what was struck is whole again. @throws what the last strike threw */
  stop(): Promise<void>;
}

/** Pauses are in milliseconds, and from one strike's end to the next. */
export function startTrouble(
  pause: { readonly shortest: number; readonly longest: number },
  random: Random,
  strike: () => Promise<void>,
): Trouble {
  const stopped = new AbortController();
  let count = 0;
  const striking = (async () => {
    for (;;) {
      const pauseMs = random.integer(pause.shortest, pause.longest);
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      await strike();
      count += 1;
    }
  })();
  // Whoever stops it hears of it.
  striking.catch(() => undefined);
  return {
    get count() {
      return count;
    },
    async stop() {
      stopped.abort();
      await striking;
    },
  };
}
