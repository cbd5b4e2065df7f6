/** A short while of selling, and what it took. */
import pMap from 'p-map';
import { cpuMsOf } from './kernel.ts';
import type { Seller } from './sellers.ts';

export interface Load {
  readonly sales: number;
  readonly atOnce: number;
  /** Whose processor time is measured. */
  readonly processes?: readonly number[];
}

export interface Sample {
  readonly salesPerSecond: number;
  /** From the till's question to its answer, and to the end of the sale. */
  readonly answersMs: readonly number[];
  readonly wholesMs: readonly number[];
  /** For each sale, in the order of the processes. */
  readonly cpuMs: readonly number[];
}

export async function runLoad(
  sell: Seller,
  { sales, atOnce, processes = [] }: Load,
): Promise<Sample> {
  const answersMs: number[] = [];
  const wholesMs: number[] = [];
  const sellOne = async () => {
    const startedAt = performance.now();
    const sale = await sell();
    answersMs.push(performance.now() - startedAt);
    await sale.pay();
    await sale.ended();
    wholesMs.push(performance.now() - startedAt);
  };
  const cpuBefore = processes.map(cpuMsOf);
  const startedAt = performance.now();
  await pMap(Array.from({ length: sales }), sellOne, { concurrency: atOnce });
  const tookMs = performance.now() - startedAt;
  return {
    salesPerSecond: (1_000 * sales) / tookMs,
    answersMs,
    wholesMs,
    cpuMs: processes.map((pid, index) => (cpuMsOf(pid) - (cpuBefore[index] ?? NaN)) / sales),
  };
}
