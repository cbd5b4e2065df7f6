/** The stack that chaos strikes: two workers, two clients that know nothing of one another, and every log in one folder. */
import { Client, Connection } from '@temporalio/client';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryption, RedemptionClient } from '../../../src/index.ts';
import type { SandboxClient } from '../../support/sandbox-client.ts';
import { startStack } from '../../support/stack.ts';
import { programsFile, secrets } from './programs.ts';
import type { Random } from './random.ts';
import { restartableServer, RestartableWorker } from './restartable.ts';
import { startTrouble, type Kind, type Trouble } from './trouble.ts';

export interface ChaosStack {
  readonly temporal: Client;
  /** Two backends. */
  readonly clients: readonly [RedemptionClient, RedemptionClient];
  readonly sandbox: SandboxClient;
  /** Where all logs are. */
  readonly folder: string;
  /** Never resolves. @throws ChildError when a process ends that nobody killed. */
  readonly ended: Promise<never>;
  startTrouble(random: Random): Trouble;
  stop(): Promise<void>;
  removeLogs(): void;
}

export async function startChaosStack(kind: Kind): Promise<ChaosStack> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-chaos-'));
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopOne of started.splice(0).reverse()) await stopOne();
  };
  try {
    const restartable = await restartableServer(kind === 'server-restarts' ? folder : undefined);
    started.push(() => restartable.kill());
    const server = await restartable.start();
    const stack = await startStack({
      server,
      logFolder: folder,
      programs: { file: join(folder, 'programs.json'), content: programsFile, secrets },
      settings: { REDEMPTION_LOG_LEVEL: 'info' },
    });
    started.push(() => stack.stop());

    const workers = [1, 2].map((number) => new RestartableWorker(number, stack, folder));
    // Those of a stack that is stopped have nothing left to finish.
    started.push(() => Promise.all(workers.map((worker) => worker.kill())));
    await Promise.all(workers.map((worker) => worker.start()));

    const { temporal, programs, redemptions, sandbox, sandboxProcess } = stack;
    const connection = await Connection.connect({ address: server.address });
    started.push(() => connection.close());
    const other = new Client({ connection, dataConverter: encryption() });
    return {
      temporal,
      clients: [redemptions, new RedemptionClient({ temporal: other, programs })],
      sandbox,
      folder,
      ended: Promise.race([server.ended, sandboxProcess.ended]),
      startTrouble: (random) => startTrouble(kind, random, restartable, workers),
      stop,
      removeLogs: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
