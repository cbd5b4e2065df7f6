/** What a sale that waits for its payment holds in the worker's memory. */
import { setTimeout as delay } from 'node:timers/promises';
import { anyFreePort } from '../src/demo/ports.ts';
import type { House } from './house.ts';
import { Inspector } from './inspector.ts';
import { residentBytesOf } from './kernel.ts';
import type { Row } from './rows.ts';
import { sell } from './slice.ts';
import { percentile } from './statistics.ts';
import type { GrantedSale } from './tills.ts';

const WARM_UP = { sales: 40, atOnce: 20 } as const;
/** What the first ones take is the worker's growing up. */
const FIRST = 50;
const LOOKS = 5;

/**
 * Resident bytes of a worker of its own, for each of `waiting` sales that came after some that wait, too. They are read
 * after the garbage of all its threads was collected.
 */
export async function memoryOfWaiting(house: House, row: Row, waiting: number): Promise<number> {
  const port = await anyFreePort();
  const worker = await house.startWorker(row.worker, [`--inspect=127.0.0.1:${port}`]);
  const inspector = await Inspector.connect(port);
  try {
    await sell(row.till, WARM_UP);
    const sales = await redeem(row, FIRST);
    const before = await settledBytes(worker.pid, inspector);
    sales.push(...(await redeem(row, waiting)));
    const after = await settledBytes(worker.pid, inspector);
    await Promise.all(sales.map((sale) => sale.pay()));
    await Promise.all(sales.map((sale) => sale.ended()));
    return (after - before) / waiting;
  } finally {
    inspector.close();
    await worker.stop();
  }
}

async function redeem({ till }: Row, waiting: number): Promise<GrantedSale[]> {
  const sales: GrantedSale[] = [];
  while (sales.length < waiting) {
    const more = Math.min(WARM_UP.atOnce, waiting - sales.length);
    sales.push(...(await Promise.all(Array.from({ length: more }, till))));
  }
  return sales;
}

async function settledBytes(pid: number, inspector: Inspector): Promise<number> {
  const looks: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    await inspector.collectGarbage();
    await delay(100);
    looks.push(residentBytesOf(pid));
  }
  return percentile(looks, 50);
}
