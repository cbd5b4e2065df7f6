/** Many tills at one gateway, which is stopped and replaced in the middle; then the ledger is asked. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
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
  /** The gateway's, in bytes: after a third of the time, and at its end. */
  readonly memory: { readonly warm: number; readonly end: number };
  /** The first gateway's, after SIGTERM. */
  readonly exitCode: number | null;
  /** Ledgers that do not agree with their sales. */
  readonly wrong: readonly string[];
}

const SAMPLES = 5;

export async function runTills({ tills, seconds }: TillsOptions): Promise<TillsReport> {
  const shop = await openShop();
  try {
    const first = await shop.startGateway();
    let gateway: GatewayProcess = first;
    const counter: Counter = { ...shop, origin: () => gateway.origin };
    const tally = new Tally();
    let isOver = false;
    const selling = sellAtAll(tills, { counter, tally, isOver: () => isOver });
    await delay((seconds * 1_000) / 3);
    const warm = await memoryOf(first);
    await delay((seconds * 2_000) / 3);
    const end = await memoryOf(first);
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

/** The resident memory, by the kernel; the middle of a few samples, for it breathes with the garbage collector. */
async function memoryOf({ child: { pid } }: GatewayProcess): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    samples.push(1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]));
    await delay(200);
  }
  return samples.toSorted((one, other) => one - other)[Math.floor(SAMPLES / 2)] ?? NaN;
}
