/** The product as its users run it: a server, the sandbox and a worker, each a process of its own, and the command line. */
import { Client, Connection } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  RedemptionClient,
  encryption,
  sandboxPrograms,
  type RedemptionRequest,
} from '../../src/index.ts';
import { startChild, type Child } from '../../src/local/child.ts';
import { startDevServer, type DevServer } from '../../src/local/dev-server.ts';
import { anyFreePort } from '../../src/local/ports.ts';
import { compiledStarter } from './compiled.ts';
import type { Ledger } from './sandbox-client.ts';
import { serverPath } from './servers.ts';

const START_LIMIT_MS = 30_000;
const COMMAND_LIMIT_MS = 50_000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Processes {
  readonly server: DevServer;
  readonly sandboxOrigin: string;
  /** What every process of this installation has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly startWorker: (environment?: Readonly<Record<string, string>>) => Promise<Child>;
  /** `GATEWAY_ACCESS_KEYS` at the least; resolves once it listens at a free port. */
  readonly startGateway: (
    settings: Readonly<Record<string, string>>,
    logFile?: string,
  ) => Promise<GatewayProcess>;
  readonly startCodecServer: (environment: Readonly<Record<string, string>>) => Promise<Child>;
  /** `starter ARGUMENTS`, to its end. */
  run(args: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
  /** `starter ARGUMENTS --json`, its one line of standard output parsed. */
  json(
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<Ran & { readonly answer: Record<string, unknown> }>;
  /** What the command line calls, without the time that its processes take: for what a test only needs to be there. */
  readonly redemptions: RedemptionClient;
  ledger(): Promise<Ledger>;
  stop(): Promise<void>;
}

export interface GatewayProcess {
  readonly child: Child;
  readonly origin: string;
}

export const newId = () => `R-${randomUUID().slice(0, 8)}`;

/** The words of a `redeem` that is right, but for what is changed; `undefined` takes an option away. */
export function redeemWords(changed: Record<string, string | undefined> = {}): string[] {
  const options = {
    program: 'coffee-club',
    id: newId(),
    member: 'member-1',
    points: '500',
    basket: '20.00',
    store: 'S12',
    till: 'T3',
    ...changed,
  };
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return ['redeem', ...given];
}

/** The same sale, as the client takes it. */
export function newSale(changed: Partial<RedemptionRequest> = {}): RedemptionRequest {
  return {
    program: 'coffee-club',
    redemptionId: newId(),
    member: 'member-1',
    points: 500,
    basket: { amount: '20.00', currency: 'GBP' },
    store: 'S12',
    till: 'T3',
    ...changed,
  };
}

/** With a folder, everything is kept there: the server's database, the sandbox's journal and every log, at trace. */
export async function startProcesses(dataFolder?: string): Promise<Processes> {
  const server = await startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), dataFolder });
  const logFile = (name: string) =>
    dataFolder === undefined ? undefined : join(dataFolder, `${name}-${randomUUID()}.log`);
  const level = dataFolder === undefined ? 'info' : 'trace';
  const port = String(await anyFreePort());
  const environment = {
    TEMPORAL_ADDRESS: server.address,
    SANDBOX_PORT: port,
    REDEMPTION_LOG_LEVEL: dataFolder === undefined ? 'warn' : level,
  };
  const sandbox = tsx(
    'the sandbox',
    'src/sandbox.ts',
    {
      ...environment,
      ...(dataFolder !== undefined && { SANDBOX_DATA: join(dataFolder, 'sandbox.jsonl') }),
    },
    logFile('sandbox'),
  );
  await sandbox.saw('listens', START_LIMIT_MS);

  const sandboxOrigin = `http://127.0.0.1:${port}`;
  const connection = await Connection.connect({ address: server.address });
  const temporal = new Client({ connection, dataConverter: encryption() });

  async function run(
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [compiledStarter, ...args],
        {
          env: { ...process.env, NO_COLOR: '1', ...environment, ...more },
          timeout: COMMAND_LIMIT_MS,
        },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
        },
      );
    });
  }

  return {
    server,
    sandboxOrigin,
    environment,
    startWorker: async (more = {}) => {
      const worker = tsx(
        'the worker',
        'src/worker.ts',
        { ...environment, ...more, REDEMPTION_LOG_LEVEL: level },
        logFile('worker'),
      );
      await worker.saw('worker is polling', START_LIMIT_MS);
      return worker;
    },
    async startGateway(settings, gatewayLog = logFile('gateway')) {
      const gatewayPort = String(await anyFreePort());
      const gateway = tsx(
        'the gateway',
        'src/gateway.ts',
        { ...environment, REDEMPTION_LOG_LEVEL: level, GATEWAY_PORT: gatewayPort, ...settings },
        gatewayLog,
      );
      await gateway.saw('listens', START_LIMIT_MS);
      return { child: gateway, origin: `http://127.0.0.1:${gatewayPort}` };
    },
    startCodecServer: async (more) => {
      const codecServer = tsx('the codec server', 'src/codec-server.ts', more);
      await codecServer.saw('codec server listens', START_LIMIT_MS);
      return codecServer;
    },
    run,
    async json(args, more) {
      const ran = await run([...args, '--json'], more);
      const lines = ran.stdout.split('\n').filter((line) => line !== '');
      if (lines.length !== 1) throw new Error(`not one line of JSON: ${ran.stdout}${ran.stderr}`);
      return { ...ran, answer: JSON.parse(lines[0] ?? '') as Record<string, unknown> };
    },
    ledger: async () => (await (await fetch(`http://127.0.0.1:${port}/ledger`)).json()) as Ledger,
    redemptions: new RedemptionClient({ temporal, programs: sandboxPrograms(sandboxOrigin) }),
    async stop() {
      await connection.close();
      await sandbox.stop();
      await server.stop();
    },
  };
}

function tsx(
  name: string,
  file: string,
  environment: Readonly<Record<string, string>>,
  logFile?: string,
): Child {
  return startChild({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', file],
    environment,
    logFile,
  });
}
