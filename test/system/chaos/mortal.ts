/** Processes that are killed and come back. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from '../../../src/local/child.ts';
import { startDevServer, type DevServer } from '../../../src/local/dev-server.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { serverPath } from '../../support/servers.ts';

const START_LIMIT_MS = 60_000;

export class Mortal<Life extends Pick<Child, 'kill'>> {
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

  async dieAndReturn(): Promise<void> {
    await this.kill();
    await this.start();
  }
}

/** On the same port every time; only on a file does it outlive itself. */
export async function mortalServer(dataFolder: string | undefined): Promise<Mortal<DevServer>> {
  const port = await anyFreePort();
  return new Mortal(() =>
    startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), port, dataFolder }),
  );
}

export interface Home {
  /** Where logs and settings are. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A worker with a clock of its own. */
export class MortalWorker extends Mortal<Child> {
  readonly #clock: string;

  constructor(number: number, { folder, environment }: Home) {
    const clock = join(folder, `clock-${number}`);
    super(async (times) => {
      const worker = startScript(
        `worker-${number}-${times}`,
        'test/system/chaos/jumping-worker.ts',
        {
          folder,
          environment: { ...environment, CHAOS_CLOCK: clock },
        },
      );
      await worker.saw('worker is polling', START_LIMIT_MS);
      return worker;
    });
    this.#clock = clock;
    this.setAhead(0);
  }

  /** Negative: behind. */
  setAhead(milliseconds: number): void {
    writeFileSync(this.#clock, String(milliseconds));
  }
}

export async function startSandbox(home: Home): Promise<Child> {
  const sandbox = startScript('sandbox', 'src/sandbox.ts', home);
  await sandbox.saw('listens', START_LIMIT_MS);
  return sandbox;
}

function startScript(name: string, script: string, { folder, environment }: Home): Child {
  return startChild({
    name: `the ${name}`,
    command: process.execPath,
    args: ['--import', 'tsx', script],
    environment,
    logFile: join(folder, `${name}.log`),
  });
}
