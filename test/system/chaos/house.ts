/** A server, the sandbox and two workers, each a process of its own, and what is needed to speak to them. */
import { Client, Connection } from '@temporalio/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryption } from '../../../src/encryption/data-converter.ts';
import { RedemptionClient, readPrograms } from '../../../src/index.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { mortalServer, MortalWorker, startSandbox } from './mortal.ts';
import { programsFile, secrets } from './programs.ts';
import type { Random } from './random.ts';
import { Sandbox } from './sandbox.ts';
import { startTrouble, type Kind, type Trouble } from './trouble.ts';

export interface House {
  readonly temporal: Client;
  /** Two backends that know nothing of one another. */
  readonly clients: readonly [RedemptionClient, RedemptionClient];
  readonly sandbox: Sandbox;
  /** Where all logs are. */
  readonly folder: string;
  /** Never resolves. @throws ChildError when a process ends that nobody killed. */
  readonly ended: Promise<never>;
  startTrouble(random: Random): Trouble;
  stop(): Promise<void>;
  removeLogs(): void;
}

export async function openHouse(kind: Kind): Promise<House> {
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
    const sandbox = await startSandbox({ folder, environment });
    opened.push(() => sandbox.stop());

    const workers = [1, 2].map((number) => new MortalWorker(number, { folder, environment }));
    // Those of a house that is closed have nothing left to finish.
    opened.push(() => Promise.all(workers.map((worker) => worker.kill())));
    await Promise.all(workers.map((worker) => worker.start()));

    const programs = readPrograms(file, secrets);
    const connect = async () => {
      const connection = await Connection.connect({ address });
      opened.push(() => connection.close());
      return new Client({ connection, dataConverter: encryption() });
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
      startTrouble: (random) => startTrouble(kind, random, server, workers),
      stop,
      removeLogs: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
