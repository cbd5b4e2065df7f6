/** Children that need those that were started before them, and so are stopped the other way round. */
import { setTimeout as delay } from 'node:timers/promises';
import { startChild, type Child, type ChildOptions } from './child.ts';

/** Less than their guardians would give them. */
const STOP_LIMIT_MS = 6_000;

export class Children {
  readonly #started: Child[] = [];
  readonly #onStart: ((pid: number) => void) | undefined;
  #stopped: Promise<void> | undefined;
  #fail: (error: unknown) => void = () => undefined;

  /** Never resolves. @throws ChildError when one of them ends without being told to. */
  readonly ended = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor(onStart?: (pid: number) => void) {
    this.#onStart = onStart;
    // Whoever waits for it hears of it; nobody waiting is no reason to crash.
    this.ended.catch(() => undefined);
  }

  /** @throws Error once they are being stopped */
  start(options: ChildOptions): Child {
    if (this.#stopped !== undefined) throw new Error(`${options.name} is not wanted any more`);
    const child = startChild(options);
    if (child.pid !== undefined) this.#onStart?.(child.pid);
    this.#started.unshift(child);
    child.ended.catch((error: unknown) => this.#fail(error));
    return child;
  }

  /** Lets each finish what it does; when that takes longer than 6 s in all, those that are left are killed. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    const timer = new AbortController();
    const limit = delay(STOP_LIMIT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.#inOrder(), limit]);
    timer.abort();
    await Promise.all(this.#started.map((child) => child.kill()));
  }

  async #inOrder(): Promise<void> {
    for (const child of this.#started) await child.stop();
  }
}
