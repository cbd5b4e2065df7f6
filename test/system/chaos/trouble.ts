/** What goes wrong with the processes themselves, again and again, beside the faults of single calls. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { Restartable, RestartableWorker } from './restartable.ts';

/** Each is a run of its own; all but `kills-only` have faults at every call. */
export type Kind = 'kills' | 'kills-only' | 'server-restarts' | 'skip-clocks';

export interface Trouble {
  /** How often it struck. */
  readonly count: number;
  /** Resolves when what was struck is whole again. @throws what the last strike threw */
  stop(): Promise<void>;
}

const SECONDS_MS = 5_000;
/** Signed requests are refused from 5 minutes on. */
const MINUTES_MS = 4 * 60_000;
/** Milliseconds ahead. A clock that is minutes ahead lets every sale be too late: that is the rarest. */
const JUMPS = [
  { from: -SECONDS_MS, to: SECONDS_MS },
  { from: -SECONDS_MS, to: SECONDS_MS },
  { from: -MINUTES_MS, to: 0 },
  { from: -MINUTES_MS, to: 0 },
  { from: 0, to: MINUTES_MS },
] as const;

/** One worker at a time: the other one carries on, if it can. */
export function startTrouble(
  kind: Kind,
  random: Random,
  server: Pick<Restartable<never>, 'killAndRestart'>,
  workers: readonly RestartableWorker[],
): Trouble {
  switch (kind) {
    case 'kills':
      return again(2_000, 6_000, random, () => random.pick(workers).killAndRestart());
    case 'kills-only':
      return again(2_000, 4_000, random, () => random.pick(workers).killAndRestart());
    case 'server-restarts':
      return again(5_000, 10_000, random, () => server.killAndRestart());
    case 'skip-clocks':
      return again(500, 3_000, random, async () => {
        const { from, to } = random.pick(JUMPS);
        random.pick(workers).setAhead(random.integer(from, to));
      });
  }
}

/** Pauses are in milliseconds, from one strike's end to the next. */
function again(
  shortest: number,
  longest: number,
  random: Random,
  strike: () => Promise<void>,
): Trouble {
  const stopped = new AbortController();
  let count = 0;
  const striking = (async () => {
    for (;;) {
      const pauseMs = random.integer(shortest, longest);
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
