/** What a sale that waits for its payment holds in the worker's memory. */
import { anyFreePort } from '../src/local/ports.ts';
import { Inspector } from '../test/support/inspector.ts';
import { settledMemoryOf, type Memory } from '../test/support/memory.ts';
import { runLoad } from './load.ts';
import type { Row } from './rows.ts';
import type { GrantedSale } from './sellers.ts';
import type { BenchStack } from './stack.ts';

const WARM_UP = { sales: 40, atOnce: 20 } as const;
/** What the first ones take is the worker's growing up. */
const FIRST = 50;

/**
 * Bytes of a worker of its own, for each of `waiting` sales that came after some that wait, too. They are read after the
 * garbage of all its threads was collected.
 */
export async function memoryOfWaiting(
  stack: BenchStack,
  row: Row,
  waiting: number,
): Promise<Memory> {
  const port = await anyFreePort();
  const worker = await stack.startWorker(row.worker, [`--inspect=127.0.0.1:${port}`]);
  const inspector = await Inspector.connect(port);
  try {
    await runLoad(row.sell, WARM_UP);
    const sales = await redeem(row, FIRST);
    const before = await settledMemoryOf(worker.pid, inspector);
    sales.push(...(await redeem(row, waiting)));
    const after = await settledMemoryOf(worker.pid, inspector);
    await Promise.all(sales.map((sale) => sale.pay()));
    await Promise.all(sales.map((sale) => sale.ended()));
    return {
      resident: (after.resident - before.resident) / waiting,
      heap: (after.heap - before.heap) / waiting,
    };
  } finally {
    inspector.close();
    await worker.stop();
  }
}

async function redeem({ sell }: Row, waiting: number): Promise<GrantedSale[]> {
  const sales: GrantedSale[] = [];
  while (sales.length < waiting) {
    const more = Math.min(WARM_UP.atOnce, waiting - sales.length);
    sales.push(...(await Promise.all(Array.from({ length: more }, sell))));
  }
  return sales;
}
