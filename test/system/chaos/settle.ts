/** Waits until every sale has ended, or waits for an operator. */
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import { runsOf, combinedView } from '../../../src/client/runs.ts';
import type { Ended } from './audit.ts';
import { askUntilAnswered, type Driven } from './drive.ts';
import type { ChaosStack } from './stack.ts';

const LIMIT_MS = 300_000;
const PAUSE_MS = 1_000;
const ASKED_AT_ONCE = 20;

/** What has not come to rest when the limit has passed is told as it stands. */
export async function settle(
  stack: ChaosStack,
  driven: readonly Driven[],
  progress: (what: string) => void,
): Promise<Ended[]> {
  const until = performance.now() + LIMIT_MS;
  const ended: Ended[] = [];
  for (let open = driven; open.length > 0;) {
    const isLast = performance.now() > until;
    const still: Driven[] = [];
    await pMap(
      open,
      async (sale) => {
        const { view, isAtRest } = await stateOf(stack, sale);
        if (isAtRest || isLast) ended.push({ ...sale, view, isAtRest });
        else still.push(sale);
      },
      { concurrency: ASKED_AT_ONCE },
    );
    open = still;
    progress(`${open.length} still run`);
    if (open.length > 0) await delay(PAUSE_MS);
  }
  return ended;
}

async function stateOf({ temporal }: ChaosStack, { plan: { request } }: Driven) {
  const runs = await askUntilAnswered(() => runsOf(temporal, request));
  return {
    view: combinedView(runs),
    isAtRest: runs.every(
      ({ outcome, view }) => outcome !== undefined || view.status === 'needs-attention',
    ),
  };
}
