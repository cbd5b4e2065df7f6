/** Temporal's development server as a child process, set up as this project wants it. */
import { Client, Connection } from '@temporalio/client';
import { join } from 'node:path';
import { RETENTION_MS, setRetention } from '../temporal/retention.ts';
import { startChild, type Child, type ChildOptions } from './child.ts';
import { anyFreePort } from './ports.ts';

const START_LIMIT_MS = 30_000;
const HOST = '127.0.0.1';

const tuning = {
  // Its queues are polled 20 times a second by default, which makes a lone sale wait for 150 ms.
  'history.transferProcessorMaxPollRPS': 2_000,
  'history.timerProcessorMaxPollRPS': 2_000,
  'history.visibilityProcessorMaxPollRPS': 200,
  // One machine has nothing to spread a task queue over: of four partitions, three pass each task on to the first.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // It reads the search attributes anew for every write by default, ten times a sale.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
};

/**
 * By default every write waits for the disk, and a till that is busy sells half as much. With these, what was written outlives
 * the server however it ends; only a machine that loses its power may lose the last moments.
 */
const sqlitePragmas = ['journal_mode=wal', 'synchronous=normal'];

export interface DevServerOptions {
  /** The path of the Temporal CLI. */
  readonly cli: string;
  /** Where its database and its log are kept; without one it forgets everything at its end. */
  readonly dataFolder?: string | undefined;
  /** Default: any free one. */
  readonly port?: number;
  /** Where Temporal UI listens; without one there is no UI. */
  readonly uiPort?: number;
  /** The codec server that Temporal UI asks, as its reader's browser reaches it. */
  readonly codecEndpoint?: string;
  /** Beside `default`. */
  readonly namespaces?: readonly string[];
  /** Default: {@link startChild}. */
  readonly start?: (options: ChildOptions) => Child;
}

export interface DevServer extends Pick<Child, 'pid' | 'ended' | 'stop' | 'kill'> {
  /** `host:port` */
  readonly address: string;
}

/**
 * Resolves when the server answers and its namespace keeps closed runs for 30 days.
 * @throws ChildError when it ends, or does not answer in 30 s
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const port = options.port ?? (await anyFreePort());
  const address = `${HOST}:${port}`;
  const server = (options.start ?? startChild)({
    name: "Temporal's development server",
    command: options.cli,
    args: argumentsFor(port, options),
    logFile: options.dataFolder && join(options.dataFolder, 'temporal.log'),
  });
  try {
    // By its own word, for another Temporal server may listen at a port that was asked for.
    await server.saw('Temporal Server:', START_LIMIT_MS);
    await prepare(address);
  } catch (error) {
    await server.stop();
    throw error;
  }
  const { pid, ended } = server;
  return { address, pid, ended, stop: () => server.stop(), kill: () => server.kill() };
}

function argumentsFor(
  port: number,
  { dataFolder, uiPort, codecEndpoint, namespaces = [] }: DevServerOptions,
): string[] {
  const always = [
    'server',
    'start-dev',
    '--ip',
    HOST,
    '--port',
    String(port),
    '--log-level',
    'warn',
  ];
  return [
    ...always,
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...(dataFolder === undefined ? [] : databaseIn(dataFolder)),
    ...namespaces.flatMap((name) => ['--namespace', name]),
    ...Object.entries(tuning).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${value}`,
    ]),
  ];
}

function databaseIn(folder: string): string[] {
  return [
    '--db-filename',
    join(folder, 'temporal.db'),
    ...sqlitePragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
  ];
}

async function prepare(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await setRetention(new Client({ connection }), RETENTION_MS);
  } finally {
    await connection.close();
  }
}
