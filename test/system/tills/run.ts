/** Many tills at one gateway, which is stopped and replaced in the middle; then the ledger is asked. */
import { setTimeout as delay } from 'node:timers/promises';
import { anyFreePort } from '../../../src/local/ports.ts';
import { Inspector } from '../../support/inspector.ts';
import { settledMemoryOf, type Memory } from '../../support/memory.ts';
import type { GatewayProcess } from '../../support/stack.ts';
import { compare, openShop, sellAtAll } from './shop.ts';
import { Tally, type Counter } from './till.ts';

export interface TillsOptions {
  readonly tills: number;
  /** With the first gateway; it is replaced after that, and they go on for a fifth of the time. */
  readonly seconds: number;
}

export interface TillsReport {
  readonly tally: Tally;
  /** The first gateway's, in bytes, without garbage: after a third of the time, and at its end. */
  readonly memory: { readonly warm: Memory; readonly end: Memory };
  /** The first gateway's, after SIGTERM. */
  readonly exitCode: number | null;
  /** Ledgers that do not agree with their sales. */
  readonly wrong: readonly string[];
}

export async function runTills({ tills, seconds }: TillsOptions): Promise<TillsReport> {
  const shop = await openShop();
  try {
    const port = await anyFreePort();
    const first = await shop.startGateway({ NODE_OPTIONS: `--inspect=127.0.0.1:${port}` });
    const inspector = await Inspector.connect(port);
    const memoryOfFirst = () => settledMemoryOf(first.child.pid ?? NaN, inspector);
    let gateway: GatewayProcess = first;
    const counter: Counter = { ...shop, origin: () => gateway.origin };
    const tally = new Tally();
    let isOver = false;
    const selling = sellAtAll(tills, { counter, tally, isOver: () => isOver });
    await delay((seconds * 1_000) / 3);
    const warm = await memoryOfFirst();
    await delay((seconds * 2_000) / 3);
    const end = await memoryOfFirst();
    inspector.close();
    await first.child.stop();
    gateway = await shop.startGateway();
    await delay((seconds * 1_000) / 5);
    isOver = true;
    await selling;
    const wrong = await compare(shop.stack, counter, tally);
    await gateway.child.stop();
    return { tally, memory: { warm, end }, exitCode: await first.child.exitCode, wrong };
  } finally {
    await shop.close();
  }
}
