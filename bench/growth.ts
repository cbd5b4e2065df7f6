/** Whether a sale costs more when there are many: that wait for their payment, of one member, or for a long time. */
import pMap from 'p-map';
import { residentBytesOf } from '../test/support/memory.ts';
import { runLoad, type Sample } from './load.ts';
import type { Progress } from './measure.ts';
import type { GrantedSale, Seller } from './sellers.ts';
import type { BenchStack, RunningWorker } from './stack.ts';
import { percentile } from './statistics.ts';

/** How it stands at one moment. */
export interface Snapshot {
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
/** Of those that waited the longest, so many are paid for at each snapshot. */
const OLDEST = 20;
const PROGRESS_EACH = 1_000;
const MEBIBYTE = 1_048_576;

/** What grows: sales of this seller at this stack. */
export interface Growth {
  readonly stack: BenchStack;
  readonly sell: Seller;
  readonly progress: Progress;
}

/** At each step so many sales wait for their payment, while others are sold. */
export async function whileWaiting(
  { stack, sell, progress }: Growth,
  steps: readonly number[],
): Promise<Snapshot[]> {
  return withWorker(stack, sell, async (worker) => {
    const snapshots = [await snapshot(stack, worker, sell, 0)];
    const waiting: GrantedSale[] = [];
    for (const step of steps) {
      const redeemOne = async () => {
        waiting.push(await sell());
        if (waiting.length % PROGRESS_EACH === 0)
          progress(`${waiting.length} of ${step} sales wait`);
      };
      const missing = Array.from({ length: Math.max(0, step - waiting.length) });
      await pMap(missing, redeemOne, { concurrency: TWENTY.atOnce });
      progress(`a snapshot while ${step} sales wait`);
      const seen = await snapshot(stack, worker, sell, step);
      snapshots.push({ ...seen, oldestMs: await endsOf(waiting.splice(0, OLDEST)) });
    }
    return snapshots;
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
  { stack, sell, progress }: Growth,
  sales: number,
): Promise<Snapshot[]> {
  return withWorker(stack, sell, async (worker) => {
    const snapshots: Snapshot[] = [];
    const part = Math.ceil(sales / 4);
    for (let sold = 0; sold <= sales; sold += part) {
      progress(`a member with ${sold} sales`);
      // A snapshot is of sales of that member, too, and one at a time: they would wait for one another's turn.
      const one = await runLoad(sell, { ...ONE, processes: [stack.serverPid, worker.pid] });
      snapshots.push(snapshotOf(stack, worker, sold, one, one));
      await runLoad(sell, { sales: Math.max(0, part - ONE.sales), atOnce: 1 });
    }
    return snapshots;
  });
}

/** Sells twenty at once for that long, with snapshots in between. */
export async function soak({ stack, sell, progress }: Growth, forMs: number): Promise<Snapshot[]> {
  return withWorker(stack, sell, async (worker) => {
    const startedAt = performance.now();
    const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
    const snapshots = [await snapshot(stack, worker, sell, 0)];
    for (let part = 1; part <= SNAPSHOTS_OF_A_SOAK; part += 1) {
      while (performance.now() - startedAt < (part * forMs) / SNAPSHOTS_OF_A_SOAK)
        await runLoad(sell, TWENTY);
      snapshots.push(await snapshot(stack, worker, sell, seconds()));
      progress(`${seconds()} of ${Math.round(forMs / 1_000)} s`);
    }
    return snapshots;
  });
}

const SNAPSHOTS_OF_A_SOAK = 10;

async function withWorker(
  stack: BenchStack,
  sell: Seller,
  work: (worker: RunningWorker) => Promise<Snapshot[]>,
): Promise<Snapshot[]> {
  const worker = await stack.startWorker('encrypted');
  try {
    await runLoad(sell, WARM_UP);
    return await work(worker);
  } finally {
    await worker.stop();
  }
}

async function snapshot(
  stack: BenchStack,
  worker: RunningWorker,
  sell: Seller,
  at: number,
): Promise<Snapshot> {
  const one = await runLoad(sell, ONE);
  const twenty = await runLoad(sell, { ...TWENTY, processes: [stack.serverPid, worker.pid] });
  return snapshotOf(stack, worker, at, one, twenty);
}

function snapshotOf(
  { serverPid }: BenchStack,
  { pid }: RunningWorker,
  at: number,
  { answersMs }: Sample,
  { salesPerSecond, cpuMs: [serverCpuMs = NaN, workerCpuMs = NaN] }: Sample,
): Snapshot {
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
