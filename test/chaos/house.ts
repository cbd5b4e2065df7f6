/** A server, the sandbox and two workers, each a process of its own, and what is needed to speak to them. */
import { Client, Connection } from '@temporalio/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedemptionClient, readPrograms } from '../../src/client.ts';
import { startChild, type Child } from '../../src/demo/child.ts';
import { startDevServer } from '../../src/demo/dev-server.ts';
import { anyFreePort } from '../../src/demo/ports.ts';
import { serverPath } from '../support/servers.ts';
import { programsFile, secrets } from './programs.ts';
import { Sandbox } from './sandbox.ts';

const START_LIMIT_MS = 60_000;

export interface House {
  readonly temporal: Client;
  /** Two backends that know nothing of one another. */
  readonly clients: readonly [RedemptionClient, RedemptionClient];
  readonly sandbox: Sandbox;
  readonly workers: readonly Worker[];
  /** Where all logs are. */
  readonly folder: string;
  /** Never resolves. @throws ChildError when the server or the sandbox dies. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
  removeLogs(): void;
}

/** A worker that can be killed and comes back. */
export class Worker {
  readonly #start: (times: number) => Child;
  #child: Child | undefined;
  #times = 0;

  constructor(start: (times: number) => Child) {
    this.#start = start;
  }

  async start(): Promise<void> {
    this.#times += 1;
    this.#child = this.#start(this.#times);
    await this.#child.saw('worker is polling', START_LIMIT_MS);
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}

export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-chaos-'));
  const opened: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const server = await startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH') });
    opened.push(() => server.stop());

    const port = await anyFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const file = join(folder, 'programs.json');
    writeFileSync(file, JSON.stringify(programsFile(origin)));
    const start = (name: string, script: string) =>
      startChild({
        name: `the ${name}`,
        command: process.execPath,
        args: ['--import', 'tsx', script],
        environment: {
          ...secrets,
          TEMPORAL_ADDRESS: server.address,
          REDEMPTION_PROGRAMS: file,
          REDEMPTION_LOG_LEVEL: 'info',
          SANDBOX_PORT: String(port),
        },
        logFile: join(folder, `${name}.log`),
      });
    const sandbox = start('sandbox', 'src/sandbox/main.ts');
    opened.push(() => sandbox.stop());
    await sandbox.saw('listens', START_LIMIT_MS);

    const workers = [1, 2].map(
      (number) => new Worker((times) => start(`worker-${number}-${times}`, 'src/worker.ts')),
    );
    // Those of a house that is closed have nothing left to finish.
    opened.push(() => Promise.all(workers.map((worker) => worker.kill())));
    await Promise.all(workers.map((worker) => worker.start()));

    const programs = readPrograms(file, secrets);
    const connect = async () => {
      const connection = await Connection.connect({ address: server.address });
      opened.push(() => connection.close());
      return new Client({ connection });
    };
    const [temporal, other] = [await connect(), await connect()];
    return {
      temporal,
      clients: [
        new RedemptionClient({ temporal, programs }),
        new RedemptionClient({ temporal: other, programs }),
      ],
      sandbox: new Sandbox(origin),
      workers,
      folder,
      ended: Promise.race([server.ended, sandbox.ended]),
      stop,
      removeLogs: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
