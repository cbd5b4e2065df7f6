/**
 * Limits how many redemptions are waited for at once, because an early refusal is better for a till than waiting in vain. No key
 * gets more than half of the places, and no store under a key more than a thirty-second, so that none of them can take them all.
 */
import { Problem } from './problems.ts';

const SHARE_OF_KEY = 1 / 2;
const SHARE_OF_STORE = 1 / 32;

export interface Place {
  /** Nobody waits any longer: the answer was sent, or the till hung up. Frees the place; may be called again. */
  readonly leave: () => void;
  /** The work is over, also for a till that hung up. */
  readonly done: () => void;
}

export class ConcurrencyLimit {
  readonly #places: number;
  readonly #taken = new Map<string, number>();

  constructor(places: number) {
    this.#places = places;
  }

  /** @throws Problem `overloaded` */
  acquire(key: string, store: string): Place {
    const shares = [
      [TOTAL, this.#places],
      [JSON.stringify([key]), this.#share(SHARE_OF_KEY)],
      [JSON.stringify([key, store]), this.#share(SHARE_OF_STORE)],
    ] as const;
    // What tills began and left goes on without them. Its own limit keeps one key from piling it up.
    const left = JSON.stringify([key, null]);
    const isFull = shares.some(([name, share]) => this.#count(name) >= share);
    if (isFull || this.#count(left) >= this.#places) throw new Problem('overloaded');
    for (const [name] of shares) this.#change(name, 1);

    let isWaiting = true;
    let isUnderWay = true;
    return {
      leave: () => {
        if (!isWaiting) return;
        isWaiting = false;
        for (const [name] of shares) this.#change(name, -1);
        if (isUnderWay) this.#change(left, 1);
      },
      done: () => {
        isUnderWay = false;
        if (!isWaiting) this.#change(left, -1);
      },
    };
  }

  #share(part: number): number {
    return Math.max(1, Math.floor(this.#places * part));
  }

  #count(name: string): number {
    return this.#taken.get(name) ?? 0;
  }

  #change(name: string, by: number): void {
    const count = this.#count(name) + by;
    if (count === 0) this.#taken.delete(name);
    else this.#taken.set(name, count);
  }
}

const TOTAL = 'total';
