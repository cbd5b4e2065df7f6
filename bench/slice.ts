/** A short while of selling, and what it took. */
import { cpuMsOf } from './kernel.ts';
import type { Till } from './tills.ts';

export interface SliceOptions {
  readonly sales: number;
  readonly atOnce: number;
}

export interface Slice {
  readonly salesPerSecond: number;
  /** From the till's question to its answer, and to the end of the sale. */
  readonly answersMs: readonly number[];
  readonly wholesMs: readonly number[];
  /** For each sale, in the order of the processes. */
  readonly cpuMs: readonly number[];
}

export async function sell(
  till: Till,
  { sales, atOnce }: SliceOptions,
  processes: readonly number[] = [],
): Promise<Slice> {
  const answersMs: number[] = [];
  const wholesMs: number[] = [];
  let begun = 0;
  const keepSelling = async () => {
    while (begun < sales) {
      begun += 1;
      const startedAt = performance.now();
      const sale = await till();
      answersMs.push(performance.now() - startedAt);
      await sale.pay();
      await sale.ended();
      wholesMs.push(performance.now() - startedAt);
    }
  };
  const cpuBefore = processes.map(cpuMsOf);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, keepSelling));
  const tookMs = performance.now() - startedAt;
  return {
    salesPerSecond: (1_000 * sales) / tookMs,
    answersMs,
    wholesMs,
    cpuMs: processes.map((pid, index) => (cpuMsOf(pid) - (cpuBefore[index] ?? NaN)) / sales),
  };
}
