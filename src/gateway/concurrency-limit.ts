import { Problem } from './problems.ts';

/** Limits how many redemptions are under way at once, because an early refusal is better for a till than waiting in vain. */
export class ConcurrencyLimit {
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Takes a place. The caller calls the returned function once to free it. @throws Problem `overloaded` */
  acquire(): () => void {
    if (this.#free < 1) throw new Problem('overloaded');
    this.#free -= 1;
    return () => {
      this.#free += 1;
    };
  }
}
