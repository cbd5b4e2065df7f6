import { hkdfSync } from 'node:crypto';
import type { Key } from './key-ring.ts';

const KEY_BYTES = 32;
/** More runs than a worker keeps at once. */
const MOST_REMEMBERED = 1_024;

/**
 * Derives a key for each run from a key of the ring, so that the number of payloads which random nonces allow counts within
 * one run, and a key of the ring need not be rotated by count. The keys used last are remembered, because deriving one costs
 * as much as encrypting a payload.
 */
export class RunKeys {
  readonly #remembered = new Map<string, Uint8Array>();

  /** @throws Error for an id that is longer than Temporal allows */
  of({ id, key }: Key, workflowId: string): Uint8Array {
    const name = `${id}\n${workflowId}`;
    const runKey = this.#remembered.get(name) ?? derive(key, workflowId);
    // A map keeps the order of insertion, so the first one was not used for the longest time.
    this.#remembered.delete(name);
    this.#remembered.set(name, runKey);
    if (this.#remembered.size > MOST_REMEMBERED)
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    return runKey;
  }
}

function derive(key: Buffer, workflowId: string): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', key, '', `points-redemption run key\n${workflowId}`, KEY_BYTES),
  );
}
