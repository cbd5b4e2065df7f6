/** Waits until every sale has ended, or waits for an operator. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { runsOf, combinedView } from '../../../src/client/runs.ts';
import type { Ended } from './audit.ts';
import { insist, type Driven } from './drive.ts';
import type { House } from './house.ts';

const LIMIT_MS = 300_000;
const PAUSE_MS = 1_000;
const ASKED_AT_ONCE = 20;

/** What has not come to rest when the limit has passed is told as it stands. */
export async function settle(
  house: House,
  driven: readonly Driven[],
  progress: (what: string) => void,
): Promise<Ended[]> {
  const until = performance.now() + LIMIT_MS;
  const ended: Ended[] = [];
  for (let open = driven; open.length > 0;) {
    const isLast = performance.now() > until;
    const still: Driven[] = [];
    await eachOf(open, async (sale) => {
      const { view, isAtRest } = await look(house, sale);
      if (isAtRest || isLast) ended.push({ ...sale, view, isAtRest });
      else still.push(sale);
    });
    open = still;
    progress(`${open.length} still run`);
    if (open.length > 0) await delay(PAUSE_MS);
  }
  return ended;
}

async function look({ temporal }: House, { plan: { request } }: Driven) {
  const runs = await insist(() => runsOf(temporal, request));
  return {
    view: combinedView(runs),
    isAtRest: runs.every(
      ({ outcome, view }) => outcome !== undefined || view.status === 'needs-attention',
    ),
  };
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const workOn = async () => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, workOn));
}
