/** Whether a sale costs more when there are many: that wait for their payment, of one member, or for a long time. */
import { residentBytesOf } from './kernel.ts';
import type { House, RunningWorker } from './house.ts';
import type { Progress } from './measure.ts';
import { sell } from './slice.ts';
import { percentile } from './statistics.ts';
import type { Till } from './tills.ts';

/** How it stands at one moment. */
export interface Look {
  /** Sales that wait, that the member had, or seconds. */
  readonly at: number;
  readonly answerMs: number;
  readonly salesPerSecond: number;
  readonly workerMiB: number;
  readonly serverMiB: number;
}

const WARM_UP = { sales: 60, atOnce: 20 } as const;
const ONE = { sales: 30, atOnce: 1 } as const;
const TWENTY = { sales: 100, atOnce: 20 } as const;
const MEBIBYTE = 1_048_576;

/** At each step so many sales wait for their payment, while others are sold. */
export async function whileWaiting(
  house: House,
  till: Till,
  steps: readonly number[],
  progress: Progress,
): Promise<Look[]> {
  return withWorker(house, till, async (worker) => {
    const looks = [await look(house, worker, till, 0)];
    let waiting = 0;
    const keepRedeeming = async (step: number) => {
      while (waiting < step) {
        waiting += 1;
        await till();
      }
    };
    for (const step of steps) {
      progress(`until ${step} sales wait`);
      await Promise.all(Array.from({ length: TWENTY.atOnce }, () => keepRedeeming(step)));
      looks.push(await look(house, worker, till, step));
    }
    return looks;
  });
}

/** One sale after the other, of one member. */
export async function ofOneMember(
  house: House,
  till: Till,
  sales: number,
  progress: Progress,
): Promise<Look[]> {
  return withWorker(house, till, async (worker) => {
    const looks: Look[] = [];
    const part = Math.ceil(sales / 4);
    for (let sold = 0; sold <= sales; sold += part) {
      progress(`a member with ${sold} sales`);
      // A look is of sales of that member, too, and one at a time: they would wait for one another's turn.
      const { answersMs, salesPerSecond } = await sell(till, ONE);
      looks.push(lookOf(house, worker, sold, answersMs, salesPerSecond));
      await sell(till, { sales: Math.max(0, part - ONE.sales), atOnce: 1 });
    }
    return looks;
  });
}

/** Sells twenty at once for that long, and looks in between. */
export async function soak(
  house: House,
  till: Till,
  forMs: number,
  progress: Progress,
): Promise<Look[]> {
  return withWorker(house, till, async (worker) => {
    const startedAt = performance.now();
    const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
    const looks = [await look(house, worker, till, 0)];
    for (let part = 1; part <= LOOKS_OF_A_SOAK; part += 1) {
      while (performance.now() - startedAt < (part * forMs) / LOOKS_OF_A_SOAK)
        await sell(till, TWENTY);
      looks.push(await look(house, worker, till, seconds()));
      progress(`${seconds()} s`);
    }
    return looks;
  });
}

const LOOKS_OF_A_SOAK = 10;

async function withWorker(
  house: House,
  till: Till,
  work: (worker: RunningWorker) => Promise<Look[]>,
): Promise<Look[]> {
  const worker = await house.startWorker('encrypted');
  try {
    await sell(till, WARM_UP);
    return await work(worker);
  } finally {
    await worker.stop();
  }
}

async function look(house: House, worker: RunningWorker, till: Till, at: number): Promise<Look> {
  const { answersMs } = await sell(till, ONE);
  const { salesPerSecond } = await sell(till, TWENTY);
  return lookOf(house, worker, at, answersMs, salesPerSecond);
}

function lookOf(
  { serverPid }: House,
  { pid }: RunningWorker,
  at: number,
  answersMs: readonly number[],
  salesPerSecond: number,
): Look {
  return {
    at,
    answerMs: percentile(answersMs, 50),
    salesPerSecond,
    workerMiB: residentBytesOf(pid) / MEBIBYTE,
    serverMiB: residentBytesOf(serverPid) / MEBIBYTE,
  };
}
