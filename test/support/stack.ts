/** The product as its users run it: a server, the sandbox and workers, each a process of its own, and the command line. */
import { Client, Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  RedemptionClient,
  encryption,
  readPrograms,
  sandboxPrograms,
  type Programs,
} from '../../src/index.ts';
import { startChild, type Child } from '../../src/local/child.ts';
import { startDevServer, type DevServer } from '../../src/local/dev-server.ts';
import { anyFreePort } from '../../src/local/ports.ts';
import { compiledStarter } from './compiled.ts';
import { SandboxClient } from './sandbox-client.ts';
import { serverPath } from './servers.ts';

const START_LIMIT_MS = 60_000;
const COMMAND_LIMIT_MS = 50_000;

type Settings = Readonly<Record<string, string>>;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of this project that is not built. */
export interface Program {
  /** What people know it as: "the worker". */
  readonly name: string;
  readonly file: string;
  /** Part of the line that it prints when it is ready. */
  readonly ready: string;
  readonly settings?: Settings;
  readonly nodeArguments?: readonly string[];
  readonly logFile?: string | undefined;
}

export interface Stack {
  readonly server: DevServer;
  readonly sandbox: SandboxClient;
  readonly sandboxProcess: Child;
  readonly programs: Programs;
  readonly temporal: Client;
  /** What the command line calls, without the time that its processes take: for what a test only needs to be there. */
  readonly redemptions: RedemptionClient;
  /** What every process of this installation has in its environment. */
  readonly environment: Settings;
  /** Resolves once it is ready; whoever starts it stops it. */
  readonly start: (program: Program) => Promise<Child>;
  readonly startWorker: (settings?: Settings) => Promise<Child>;
  /** `GATEWAY_ACCESS_KEYS` at the least; it listens at a free port. */
  readonly startGateway: (settings: Settings, logFile?: string) => Promise<GatewayProcess>;
  readonly startCodecServer: (settings: Settings) => Promise<Child>;
  /** `starter ARGUMENTS`, to its end. */
  run(args: readonly string[], settings?: Settings): Promise<Ran>;
  /** `starter ARGUMENTS --json`, its one line of standard output parsed. */
  json(
    args: readonly string[],
    settings?: Settings,
  ): Promise<Ran & { readonly answer: Record<string, unknown> }>;
  stop(): Promise<void>;
}

export interface GatewayProcess {
  readonly child: Child;
  readonly origin: string;
}

export interface StackOptions {
  /** Everything is kept there: the server's database, the sandbox's journal and every log, at trace. */
  readonly dataFolder?: string | undefined;
  /** Where the logs alone are kept. */
  readonly logFolder?: string | undefined;
  /** A server that the caller started, and stops. */
  readonly server?: DevServer;
  /** A programs file instead of the sandbox's own programs, and the secrets that it names. */
  readonly programs?: {
    readonly file: string;
    readonly content: (sandboxOrigin: string) => object;
    readonly secrets: Settings;
  };
  /** In the environment of every process, too. */
  readonly settings?: Settings;
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const stopOne of started.splice(0).reverse()) await stopOne();
  };
  try {
    return await startAll(options, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  { dataFolder, logFolder = dataFolder, programs: ownPrograms, settings, ...options }: StackOptions,
  started: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<Stack> {
  const server =
    options.server ?? (await startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), dataFolder }));
  if (options.server === undefined) started.push(() => server.stop());

  const port = String(await anyFreePort());
  const origin = `http://127.0.0.1:${port}`;
  if (ownPrograms !== undefined)
    writeFileSync(ownPrograms.file, JSON.stringify(ownPrograms.content(origin)));
  const environment = {
    ...ownPrograms?.secrets,
    ...(ownPrograms !== undefined && { REDEMPTION_PROGRAMS: ownPrograms.file }),
    TEMPORAL_ADDRESS: server.address,
    SANDBOX_PORT: port,
    // The command line says no more than it must.
    REDEMPTION_LOG_LEVEL: dataFolder === undefined ? 'warn' : 'trace',
    ...settings,
  };
  const level = { REDEMPTION_LOG_LEVEL: dataFolder === undefined ? 'info' : 'trace' };
  const logFile = (name: string) =>
    logFolder === undefined ? undefined : join(logFolder, `${name}-${randomUUID()}.log`);

  async function start(program: Program): Promise<Child> {
    const child = startChild({
      name: program.name,
      command: process.execPath,
      args: [...(program.nodeArguments ?? []), '--import', 'tsx', program.file],
      environment: { ...environment, ...program.settings },
      logFile: program.logFile ?? logFile(program.name.replace(/^the /, '').replaceAll(' ', '-')),
    });
    try {
      await child.saw(program.ready, START_LIMIT_MS);
    } catch (error) {
      await child.stop();
      throw error;
    }
    return child;
  }

  const sandboxProcess = await start({
    name: 'the sandbox',
    file: 'src/sandbox.ts',
    ready: 'listens',
    ...(dataFolder !== undefined && {
      settings: { SANDBOX_DATA: join(dataFolder, 'sandbox.jsonl') },
    }),
  });
  started.push(() => sandboxProcess.stop());
  const connection = await Connection.connect({ address: server.address });
  started.push(() => connection.close());
  const temporal = new Client({ connection, dataConverter: encryption() });
  const programs =
    ownPrograms === undefined
      ? sandboxPrograms(origin)
      : readPrograms(ownPrograms.file, ownPrograms.secrets);
  const run = (args: readonly string[], more: Settings = {}) =>
    runStarter(args, { ...environment, ...more });

  return {
    server,
    sandbox: new SandboxClient(origin),
    sandboxProcess,
    programs,
    temporal,
    redemptions: new RedemptionClient({ temporal, programs }),
    environment,
    start,
    startWorker: (more) =>
      start({
        name: 'the worker',
        file: 'src/worker.ts',
        ready: 'worker is polling',
        settings: { ...more, ...level },
      }),
    async startGateway(more, gatewayLog) {
      const gatewayPort = String(await anyFreePort());
      const child = await start({
        name: 'the gateway',
        file: 'src/gateway.ts',
        ready: 'listens',
        settings: { ...level, GATEWAY_PORT: gatewayPort, ...more },
        logFile: gatewayLog,
      });
      return { child, origin: `http://127.0.0.1:${gatewayPort}` };
    },
    startCodecServer: (more) =>
      start({
        name: 'the codec server',
        file: 'src/codec-server.ts',
        ready: 'codec server listens',
        settings: { ...level, ...more },
      }),
    run,
    async json(args, more) {
      const ran = await run([...args, '--json'], more);
      const lines = ran.stdout.split('\n').filter((line) => line !== '');
      if (lines.length !== 1) throw new Error(`not one line of JSON: ${ran.stdout}${ran.stderr}`);
      return { ...ran, answer: JSON.parse(lines[0] ?? '') as Record<string, unknown> };
    },
    stop,
  };
}

function runStarter(args: readonly string[], environment: Settings): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiledStarter, ...args],
      { env: { ...process.env, NO_COLOR: '1', ...environment }, timeout: COMMAND_LIMIT_MS },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      },
    );
  });
}
