import { Problem } from './problems.ts';

/** How many redemptions are under way at once: a till that is sent away early is better off than one that waits in vain. */
export class ConcurrencyLimit {
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Returns what has to be called once on leaving. @throws Problem `overloaded` */
  acquire(): () => void {
    if (this.#free < 1) throw new Problem('overloaded');
    this.#free -= 1;
    return () => {
      this.#free += 1;
    };
  }
}
