/** Whether a sale costs more when there are many: that wait for their payment, of one member, or for a long time. */
import type { House, RunningWorker } from './house.ts';
import { residentBytesOf } from './kernel.ts';
import type { Progress } from './measure.ts';
import { sell, type Slice } from './slice.ts';
import { percentile } from './statistics.ts';
import type { GrantedSale, Till } from './tills.ts';

/** How it stands at one moment. */
export interface Look {
  /** Sales that wait, that the member had, or seconds. */
  readonly at: number;
  readonly answerMs: number;
  readonly salesPerSecond: number;
  /** Of one sale. */
  readonly serverCpuMs: number;
  readonly workerCpuMs: number;
  /** From its capture to its end, a sale that waited the longest. */
  readonly oldestMs?: number;
  readonly workerMiB: number;
  readonly serverMiB: number;
}

const WARM_UP = { sales: 60, atOnce: 20 } as const;
const ONE = { sales: 30, atOnce: 1 } as const;
const TWENTY = { sales: 100, atOnce: 20 } as const;
/** Of those that waited the longest, so many are paid for at each look. */
const OLDEST = 20;
const PROGRESS_EACH = 1_000;
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
    const waiting: GrantedSale[] = [];
    for (const step of steps) {
      let redeemed = waiting.length;
      const keepRedeeming = async () => {
        while (redeemed < step) {
          redeemed += 1;
          waiting.push(await till());
          if (waiting.length % PROGRESS_EACH === 0)
            progress(`${waiting.length} of ${step} sales wait`);
        }
      };
      await Promise.all(Array.from({ length: TWENTY.atOnce }, keepRedeeming));
      progress(`a look while ${step} sales wait`);
      const seen = await look(house, worker, till, step);
      looks.push({ ...seen, oldestMs: await endsOf(waiting.splice(0, OLDEST)) });
    }
    return looks;
  });
}

/** Paid for one after the other; the median. */
async function endsOf(sales: readonly GrantedSale[]): Promise<number> {
  const endsMs: number[] = [];
  for (const sale of sales) {
    const startedAt = performance.now();
    await sale.pay();
    await sale.ended();
    endsMs.push(performance.now() - startedAt);
  }
  return percentile(endsMs, 50);
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
      const one = await sell(till, ONE, [house.serverPid, worker.pid]);
      looks.push(lookOf(house, worker, sold, one, one));
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
      progress(`${seconds()} of ${Math.round(forMs / 1_000)} s`);
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
  const one = await sell(till, ONE);
  const twenty = await sell(till, TWENTY, [house.serverPid, worker.pid]);
  return lookOf(house, worker, at, one, twenty);
}

function lookOf(
  { serverPid }: House,
  { pid }: RunningWorker,
  at: number,
  { answersMs }: Slice,
  { salesPerSecond, cpuMs: [serverCpuMs = NaN, workerCpuMs = NaN] }: Slice,
): Look {
  return {
    at,
    answerMs: percentile(answersMs, 50),
    salesPerSecond,
    serverCpuMs,
    workerCpuMs,
    workerMiB: residentBytesOf(pid) / MEBIBYTE,
    serverMiB: residentBytesOf(serverPid) / MEBIBYTE,
  };
}
