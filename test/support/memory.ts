/** What another process holds in memory, by Linux and by Node's inspector. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Inspector } from './inspector.ts';

const READINGS = 5;

export interface Memory {
  /** Of the whole process, by the kernel; it breathes. */
  readonly resident: number;
  /** Of it, what is JavaScript: hardly any noise, but without native code's. */
  readonly heap: number;
}

/** In bytes, after its garbage was collected: without that, they tell how lazy the collector is. The middle of a few readings. */
export async function settledMemoryOf(pid: number, inspector: Inspector): Promise<Memory> {
  const resident: number[] = [];
  const heap: number[] = [];
  for (let reading = 0; reading < READINGS; reading += 1) {
    heap.push(await inspector.collectGarbage());
    await delay(100);
    resident.push(residentBytesOf(pid));
  }
  return { resident: middleOf(resident), heap: middleOf(heap) };
}

export function residentBytesOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

function middleOf(readings: readonly number[]): number {
  return readings.toSorted((one, other) => one - other)[Math.floor(readings.length / 2)] ?? NaN;
}
