/** The processes of the demonstration, each a child with a log of its own, at the usual port or the next free one. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { writeAccessKeys } from '../gateway/access-key-file.ts';
import { newKey, scopes } from '../gateway/access-keys.ts';
import type { Child } from '../local/child.ts';
import type { Children } from '../local/children.ts';
import { startDevServer } from '../local/dev-server.ts';
import { nextFreePort } from '../local/ports.ts';
import {
  CODEC_SERVER_DEFAULT_PORT,
  GATEWAY_DEFAULT_PORT,
  UI_DEFAULT_PORT,
  readTemporalCli,
} from '../process/settings.ts';
import { SANDBOX_DEFAULT_PORT } from '../programs/sandbox.ts';
import { StrangeWorkers } from './strange-workers.ts';

const TEMPORAL_DEFAULT_PORT = 7233;
const START_LIMIT_MS = 60_000;

export interface Ports {
  readonly temporal: number;
  readonly ui: number;
  readonly sandbox: number;
  readonly gateway: number;
  readonly codec: number;
}

export interface Services {
  readonly uiUrl: string;
  readonly sandboxOrigin: string;
  /** Where the gateway answers, and a key for all of it. */
  readonly gateway: { readonly origin: string; readonly key: string };
  readonly strangeWorkers: StrangeWorkers;
  /** The variables by which a command in another terminal finds these servers; empty at the usual ports. */
  readonly variables: string;
}

/** From this port on, one after the other; without it, the usual ones. Where one is taken, the next free one. */
export async function choosePorts(first: number | undefined): Promise<Ports> {
  let next = first;
  const choose = async (usual: number) => {
    const port = await nextFreePort(next ?? usual);
    if (next !== undefined) next = port + 1;
    return port;
  };
  return {
    temporal: await choose(TEMPORAL_DEFAULT_PORT),
    ui: await choose(UI_DEFAULT_PORT),
    sandbox: await choose(SANDBOX_DEFAULT_PORT),
    gateway: await choose(GATEWAY_DEFAULT_PORT),
    codec: await choose(CODEC_SERVER_DEFAULT_PORT),
  };
}

/** For Temporal alone: the others keep theirs. */
export async function withOtherTemporalPort(ports: Ports): Promise<Ports> {
  const taken = Object.values(ports);
  let { temporal } = ports;
  while (taken.includes(temporal)) temporal = await nextFreePort(temporal + 1);
  return { ...ports, temporal };
}

/** In the folder is the file that holds the key's hash alone. */
export function newGatewayKey(folder: string): string {
  const { secret, hash } = newKey();
  writeAccessKeys(accessKeysIn(folder), [{ id: 'development', scopes, hashes: [hash] }]);
  return secret;
}

export interface ServicesOptions {
  readonly folder: string;
  readonly ports: Ports;
  readonly gatewayKey: string;
  /** They run until these are stopped. */
  readonly children: Children;
  readonly print: (text: string) => void;
}

/** @throws ChildError when one of them does not start; StrangeWorker when another worker is at the server's task queue */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { folder, ports, gatewayKey, children, print } = options;
  const originAt = (port: number) => `http://127.0.0.1:${port}`;
  const uiUrl = originAt(ports.ui);
  const codecOrigin = originAt(ports.codec);
  const sandboxOrigin = originAt(ports.sandbox);
  const gatewayOrigin = originAt(ports.gateway);

  const temporal = await startDevServer({
    cli: readTemporalCli(),
    dataFolder: folder,
    port: ports.temporal,
    uiPort: ports.ui,
    codecEndpoint: codecOrigin,
    start: (child) => children.start(child),
  });
  let worker: Child | undefined;
  const strangeWorkers = await StrangeWorkers.watch(
    temporal.address,
    (identity) => identity === `${worker?.pid}@${hostname()}`,
  );
  const environment = {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: 'default',
    SANDBOX_PORT: String(ports.sandbox),
    SANDBOX_HOST: '127.0.0.1',
    SANDBOX_ORIGIN: '',
    SANDBOX_DATA: join(folder, 'sandbox.jsonl'),
    // The sandbox's own programs, whatever this terminal is set to.
    REDEMPTION_PROGRAMS: '',
    REDEMPTION_ENCRYPTION_KEYS: '',
    REDEMPTION_LOG_LEVEL: 'info',
    GATEWAY_PORT: String(ports.gateway),
    GATEWAY_HOST: '127.0.0.1',
    GATEWAY_ACCESS_KEYS: accessKeysIn(folder),
    GATEWAY_PAYMENT_SOURCES: '',
    CODEC_SERVER_PORT: String(ports.codec),
    CODEC_SERVER_HOST: '127.0.0.1',
    CODEC_SERVER_TOKEN: '',
    CODEC_SERVER_TOKENS: '',
    TEMPORAL_UI_ORIGIN: uiUrl,
  };
  const start = (name: string) =>
    children.start({
      name: `the ${name}`,
      command: process.execPath,
      args: ['--import', 'tsx', `src/${name}.ts`],
      environment,
      logFile: join(folder, `${name}.log`),
    });
  // Nothing is worth waiting for once another worker is there.
  const ready = (child: Child, line: string) =>
    Promise.race([child.saw(line, START_LIMIT_MS), strangeWorkers.seen]);

  try {
    await strangeWorkers.check();
    print(`Temporal    ${temporal.address}, its UI at ${uiUrl}`);
    await ready(start('sandbox'), 'listens on');
    print(`Sandbox     ${sandboxOrigin}`);
    worker = start('worker');
    await ready(worker, 'worker is polling');
    print(`Worker      is polling; all logs are in ${folder}`);
    await ready(start('codec-server'), 'codec server listens');
    print(`Codec       ${codecOrigin}, which decrypts for Temporal UI`);
    await ready(start('gateway'), 'listens on');
    print(`Gateway     ${gatewayOrigin}, described at ${gatewayOrigin}/docs; its key:`);
    // Alone and plain, so that it can be copied, and read by a script.
    print(`REDEMPTION_API_KEY=${gatewayKey}`);
  } catch (error) {
    await strangeWorkers.close();
    throw error;
  }
  return {
    uiUrl,
    sandboxOrigin,
    gateway: { origin: gatewayOrigin, key: gatewayKey },
    strangeWorkers,
    variables: variablesFor(ports),
  };
}

function accessKeysIn(folder: string): string {
  return join(folder, 'access-keys.json');
}

function variablesFor({ temporal, sandbox }: Ports): string {
  return [
    ...(temporal === TEMPORAL_DEFAULT_PORT ? [] : [`TEMPORAL_ADDRESS=127.0.0.1:${temporal}`]),
    ...(sandbox === SANDBOX_DEFAULT_PORT ? [] : [`SANDBOX_PORT=${sandbox}`]),
  ].join(' ');
}
