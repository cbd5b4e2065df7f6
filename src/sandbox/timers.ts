/** Runs everything that happens later in the sandbox, so that closing it leaves nothing behind. */
export class Timers {
  readonly #pending = new Set<NodeJS.Timeout>();
  #closed = false;

  after(delayMs: number, run: () => void): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      run();
    }, delayMs);
    this.#pending.add(timer);
  }

  /** Never resolves when the sandbox is closed first. */
  wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#pending) clearTimeout(timer);
    this.#pending.clear();
  }
}
