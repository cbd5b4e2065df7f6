/** Processes that are killed and come back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from '../../../src/local/child.ts';
import { startDevServer, type DevServer } from '../../../src/local/dev-server.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { serverPath } from '../../support/servers.ts';
import type { Stack } from '../../support/stack.ts';

export class Restartable<Life extends Pick<Child, 'kill'>> {
  readonly #begin: (times: number) => Promise<Life>;
  #life: Life | undefined;
  #times = 0;

  constructor(begin: (times: number) => Promise<Life>) {
    this.#begin = begin;
  }

  async start(): Promise<Life> {
    this.#times += 1;
    this.#life = await this.#begin(this.#times);
    return this.#life;
  }

  async kill(): Promise<void> {
    await this.#life?.kill();
  }

  async killAndRestart(): Promise<void> {
    await this.kill();
    await this.start();
  }
}

/** On the same port every time; only on a file does it outlive itself. */
export async function restartableServer(
  dataFolder: string | undefined,
): Promise<Restartable<DevServer>> {
  const port = await anyFreePort();
  return new Restartable(() =>
    startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), port, dataFolder }),
  );
}

/** A worker with a clock of its own. */
export class RestartableWorker extends Restartable<Child> {
  readonly #clock: string;

  constructor(number: number, stack: Pick<Stack, 'start'>, folder: string) {
    const clock = join(folder, `clock-${number}`);
    super((times) =>
      stack.start({
        name: `the worker ${number}`,
        file: 'test/system/chaos/jumping-worker.ts',
        ready: 'worker is polling',
        settings: { CHAOS_CLOCK: clock },
        logFile: join(folder, `worker-${number}-${times}.log`),
      }),
    );
    this.#clock = clock;
    this.setAhead(0);
  }

  /** Negative: behind. */
  setAhead(milliseconds: number): void {
    writeFileSync(this.#clock, String(milliseconds));
  }
}
