/**
 * Workers on one task queue share its tasks. One that `npm start` did not start, such as one that somebody left behind and that
 * looks for its server at the same port, would serve sales by its own sandbox.
 */
import { Connection } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { TASK_QUEUE } from '../domain/temporal-names.ts';

/** The numbers of Temporal's protocol: for workflow tasks, for activities. */
const KINDS = [1, 2] as const;
const LOOK_EVERY_MS = 500;

export class StrangeWorker extends Error {
  override readonly name = 'StrangeWorker';

  constructor(identity: string, address: string) {
    super(`Worker ${identity} polls the task queue of ${address}`);
  }
}

/** Looks who polls, for as long as it is open. */
export class StrangeWorkers {
  readonly #connection: Connection;
  readonly #address: string;
  readonly #isOurs: (identity: string) => boolean;
  readonly #closing = new AbortController();
  #fail: (error: StrangeWorker) => void = () => undefined;

  /** Never resolves. @throws StrangeWorker as soon as one is seen */
  readonly seen = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  static async watch(
    address: string,
    isOurs: (identity: string) => boolean,
  ): Promise<StrangeWorkers> {
    return new StrangeWorkers(await Connection.connect({ address }), address, isOurs);
  }

  private constructor(
    connection: Connection,
    address: string,
    isOurs: (identity: string) => boolean,
  ) {
    this.#connection = connection;
    this.#address = address;
    this.#isOurs = isOurs;
    // Whoever waits for it hears of it; nobody waiting is no reason to crash.
    this.seen.catch(() => undefined);
    void this.#watch();
  }

  /** @throws StrangeWorker when one polls, or did a moment ago */
  async check(): Promise<void> {
    for (const taskQueueType of KINDS) {
      const { pollers } = await this.#connection.workflowService.describeTaskQueue({
        namespace: 'default',
        taskQueue: { name: TASK_QUEUE },
        taskQueueType,
      });
      for (const { identity } of pollers ?? [])
        if (identity && !this.#isOurs(identity)) throw new StrangeWorker(identity, this.#address);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection.close();
  }

  async #watch(): Promise<void> {
    try {
      for (;;) {
        await this.check();
        await delay(LOOK_EVERY_MS, undefined, { signal: this.#closing.signal });
      }
    } catch (error) {
      // Any other error: we are closed, or the server has ended, and whoever started it hears of that.
      if (error instanceof StrangeWorker) this.#fail(error);
    }
  }
}
