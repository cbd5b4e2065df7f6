/** Everything that is measured, each a process of its own on this machine: a server, the sandbox and the workers. */
import { Client } from '@temporalio/client';
import { bundleWorkflowCode } from '@temporalio/worker';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sandboxKeyRing } from '../src/encryption/key-ring.ts';
import type { Programs } from '../src/index.ts';
import type { Child } from '../src/local/child.ts';
import { startDevServer } from '../src/local/dev-server.ts';
import { readTemporalCli } from '../src/process/settings.ts';
import { coffeeClub, travelMiles } from '../src/programs/sandbox.ts';
import type { MemberInput } from '../test/support/sandbox-client.ts';
import { startStack } from '../test/support/stack.ts';
import { secrets } from '../test/system/chaos/programs.ts';
import { CLEAR_NAMESPACE, ClearCodec } from './clear/codec.ts';
import { programsFile } from './programs.ts';

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

export interface BenchStack {
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

export async function startBenchStack(): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-bench-'));
  const started: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const stop of started.splice(0).reverse()) await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const server = await startDevServer({
      cli: readTemporalCli(),
      // A database in a file, as that of npm start is.
      dataFolder: folder,
      namespaces: [CLEAR_NAMESPACE],
    });
    started.push(() => server.stop());
    const stack = await startStack({
      server,
      programs: { file: join(folder, 'programs.json'), content: programsFile, secrets },
      settings: { REDEMPTION_LOG_LEVEL: 'info', PLAIN_BUNDLE: await bundlePlain(folder) },
    });
    started.push(() => stack.stop());
    const { temporal, programs, sandbox, sandboxProcess } = stack;
    await sandbox.seedMembers(members());
    const { connection } = temporal;
    const { serverVersion } = await temporal.workflowService.getSystemInfo({});
    return {
      serverPid: pidOf(server),
      sandboxPid: pidOf(sandboxProcess),
      serverVersion: serverVersion ?? 'unknown',
      temporals: {
        encrypted: temporal,
        clear: new Client({
          connection,
          namespace: CLEAR_NAMESPACE,
          dataConverter: { payloadCodecs: [new ClearCodec(sandboxKeyRing)] },
        }),
        plain: new Client({ connection }),
      },
      programs,
      async startWorker(kind, nodeArguments = []) {
        const startedAt = performance.now();
        const worker = await stack.start({
          name: `the worker (${kind})`,
          file: workers[kind],
          ready: 'worker is polling',
          nodeArguments,
        });
        started.push(() => worker.stop());
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

function members(): MemberInput[] {
  return Array.from({ length: MEMBERS }, (_, count) => memberOf(count)).flatMap((memberId) =>
    [coffeeClub.id, travelMiles.id].map((program) => ({ program, memberId, points: POINTS })),
  );
}
