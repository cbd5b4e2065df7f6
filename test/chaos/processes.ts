/** A house of processes: a server, the sandbox and two workers, some of which are killed and come back. */
import { Client, Connection } from '@temporalio/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionClient, readPrograms } from '../../src/client.ts';
import { startChild, type Child } from '../../src/demo/child.ts';
import { startDevServer, type DevServer } from '../../src/demo/dev-server.ts';
import { anyFreePort } from '../../src/demo/ports.ts';
import { serverPath } from '../support/servers.ts';
import type { House } from './house.ts';
import { programsFile, secrets } from './programs.ts';
import { Sandbox } from './sandbox.ts';
import { startTrouble, type Kind } from './trouble.ts';

const START_LIMIT_MS = 60_000;
const PASS_MS = 1_000;
const PAUSES = {
  kills: { shortest: 2_000, longest: 6_000 },
  'kills-only': { shortest: 2_000, longest: 4_000 },
  'server-restarts': { shortest: 5_000, longest: 10_000 },
} as const;

/** A process that is killed and comes back. */
class Mortal<Life extends { kill(): Promise<void> }> {
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

export async function openProcesses(kind: Exclude<Kind, 'skip-clocks'>): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-chaos-'));
  const opened: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const server = await mortalServer(kind === 'server-restarts' ? folder : undefined);
    opened.push(() => server.kill());
    const { address, ended } = await server.start();

    const port = await anyFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const file = join(folder, 'programs.json');
    writeFileSync(file, JSON.stringify(programsFile(origin)));
    const environment = {
      ...secrets,
      TEMPORAL_ADDRESS: address,
      REDEMPTION_PROGRAMS: file,
      REDEMPTION_LOG_LEVEL: 'info',
      SANDBOX_PORT: String(port),
    };
    const sandbox = startScript('sandbox', 'src/sandbox/main.ts', { folder, environment });
    opened.push(() => sandbox.stop());
    await sandbox.saw('listens', START_LIMIT_MS);

    const workers = [1, 2].map((number) => mortalWorker(number, { folder, environment }));
    // Those of a house that is closed have nothing left to finish.
    opened.push(() => Promise.all(workers.map((worker) => worker.kill())));
    await Promise.all(workers.map((worker) => worker.start()));

    const programs = readPrograms(file, secrets);
    const connect = async () => {
      const connection = await Connection.connect({ address });
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
      folder,
      ended: Promise.race([ended, sandbox.ended]),
      // One worker at a time: the other one carries on, if it can.
      startTrouble: (random) =>
        startTrouble(PAUSES[kind], random, () =>
          (kind === 'server-restarts' ? server : random.pick(workers)).dieAndReturn(),
        ),
      pass: () => delay(PASS_MS),
      stop,
      removeLogs: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** On the same port every time; only on a file does it outlive itself. */
async function mortalServer(dataFolder: string | undefined): Promise<Mortal<DevServer>> {
  const port = await anyFreePort();
  return new Mortal(() =>
    startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), port, dataFolder }),
  );
}

interface Home {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function mortalWorker(number: number, home: Home): Mortal<Child> {
  return new Mortal(async (times) => {
    const worker = startScript(`worker-${number}-${times}`, 'src/worker.ts', home);
    await worker.saw('worker is polling', START_LIMIT_MS);
    return worker;
  });
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
