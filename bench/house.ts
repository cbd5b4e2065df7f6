/** Everything that is measured, each a process of its own on this machine: a server, the sandbox and the workers. */
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxKeyRing } from '../src/encryption/key-ring.ts';
import { encryption, readPrograms, type Programs } from '../src/index.ts';
import { startChild, type Child } from '../src/local/child.ts';
import { startDevServer } from '../src/local/dev-server.ts';
import { anyFreePort } from '../src/local/ports.ts';
import { readTemporalCli } from '../src/process/settings.ts';
import { coffeeClub, travelMiles } from '../src/programs/sandbox.ts';
import { secrets } from '../test/system/chaos/programs.ts';
import { CLEAR_NAMESPACE, ClearCodec } from './clear/codec.ts';
import { programsFile } from './programs.ts';

const START_LIMIT_MS = 60_000;
/** More than sell at once, so that nobody waits for a member's turn. */
const MEMBERS = 200;
const POINTS = 1_000_000_000;

/** `encrypted` is the product's own worker. */
export type WorkerKind = 'encrypted' | 'clear' | 'plain';

export interface RunningWorker {
  readonly pid: number;
  /** From the start of the process until it polls. */
  readonly startUpMs: number;
  stop(): Promise<void>;
}

export interface House {
  readonly serverPid: number;
  readonly sandboxPid: number;
  readonly serverVersion: string;
  /** What the tills of each worker speak through. */
  readonly temporals: Readonly<Record<WorkerKind, Client>>;
  readonly programs: Programs;
  readonly startWorker: (
    kind: WorkerKind,
    nodeArguments?: readonly string[],
  ) => Promise<RunningWorker>;
  close(): Promise<void>;
}

export const memberOf = (count: number) => `customer-${count % MEMBERS}`;

export async function openHouse(): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-bench-'));
  const opened: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of opened.splice(0).reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startDevServer({
      cli: readTemporalCli(),
      // A database in a file, as that of npm start is.
      dataFolder: folder,
      namespaces: [CLEAR_NAMESPACE],
    });
    opened.push(() => server.stop());
    const port = await anyFreePort();
    const origin = `http://127.0.0.1:${port}`;
    const programs = join(folder, 'programs.json');
    writeFileSync(programs, JSON.stringify(programsFile(origin)));
    const environment = {
      ...secrets,
      TEMPORAL_ADDRESS: server.address,
      REDEMPTION_PROGRAMS: programs,
      REDEMPTION_LOG_LEVEL: 'info',
      PLAIN_BUNDLE: await bundlePlain(folder),
      SANDBOX_PORT: String(port),
    };
    const sandbox = tsx('the sandbox', 'src/sandbox.ts', environment);
    opened.push(() => sandbox.stop());
    await sandbox.saw('listens', START_LIMIT_MS);
    await furnish(origin);

    const connection = await Connection.connect({ address: server.address });
    opened.push(() => connection.close());
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    return {
      serverPid: pidOf(server),
      sandboxPid: pidOf(sandbox),
      serverVersion: serverVersion ?? 'unknown',
      temporals: {
        encrypted: new Client({ connection, dataConverter: encryption() }),
        clear: new Client({
          connection,
          namespace: CLEAR_NAMESPACE,
          dataConverter: { payloadCodecs: [new ClearCodec(sandboxKeyRing)] },
        }),
        plain: new Client({ connection }),
      },
      programs: readPrograms(programs, secrets),
      async startWorker(kind, nodeArguments = []) {
        const startedAt = performance.now();
        const worker = tsx(`the worker (${kind})`, workers[kind], environment, nodeArguments);
        opened.push(() => worker.stop());
        await worker.saw('worker is polling', START_LIMIT_MS);
        const startUpMs = performance.now() - startedAt;
        return { pid: pidOf(worker), startUpMs, stop: () => worker.stop() };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const workers = {
  encrypted: 'src/worker.ts',
  clear: 'bench/clear/worker.ts',
  plain: 'bench/plain/worker.ts',
} as const;

function tsx(
  name: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [],
): Child {
  return startChild({
    name,
    command: process.execPath,
    args: [...nodeArguments, '--import', 'tsx', file],
    environment,
  });
}

function pidOf({ pid }: Pick<Child, 'pid'>): number {
  if (pid === undefined) throw new Error('the process has no id');
  return pid;
}

/** Ours has its bundle prebuilt, and so has the other one. */
async function bundlePlain(folder: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('plain/workflows.ts', import.meta.url)),
    logger: { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  });
  const file = join(folder, 'plain.js');
  writeFileSync(file, code);
  return file;
}

async function furnish(origin: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status}`);
  };
  await post('/switches', { rateLimit: false });
  for (let count = 0; count < MEMBERS; count += 1)
    for (const program of [coffeeClub.id, travelMiles.id])
      await post('/members', { program, memberId: memberOf(count), points: POINTS });
}
