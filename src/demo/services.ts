/** The processes of the demonstration, each a child with a log of its own, at the usual port or the next free one. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { writeAccessKeys } from '../gateway/access-key-file.ts';
import { newKey, scopes } from '../gateway/access-keys.ts';
import { startChild, type Child } from '../local/child.ts';
import { startDevServer } from '../local/dev-server.ts';
import { nextFreePort } from '../local/ports.ts';
import {
  CODEC_SERVER_DEFAULT_PORT,
  GATEWAY_DEFAULT_PORT,
  UI_DEFAULT_PORT,
  readTemporalCli,
} from '../process/settings.ts';
import { SANDBOX_DEFAULT_PORT } from '../programs/sandbox.ts';

const TEMPORAL_PORT = 7233;
const START_LIMIT_MS = 60_000;

export interface Services extends Pick<Child, 'ended' | 'stop'> {
  readonly address: string;
  readonly uiUrl: string;
  /** Where to sign in, so that Temporal UI shows what is encrypted. */
  readonly codecOrigin: string;
  readonly sandboxOrigin: string;
  /** Where the gateway answers, and a key for all of it. */
  readonly gateway: { readonly origin: string; readonly key: string };
  /** The variables by which a command in another terminal finds these servers; empty at the usual ports. */
  readonly commandPrefix: string;
}

/** @throws ChildError when one of them does not start; the others are stopped then. */
export async function startServices(
  folder: string,
  print: (text: string) => void,
): Promise<Services> {
  const started: Pick<Child, 'ended' | 'stop'>[] = [];
  const stop = async () => {
    for (const child of started.reverse()) await child.stop();
  };
  const port = await nextFreePort(TEMPORAL_PORT);
  const uiPort = await nextFreePort(UI_DEFAULT_PORT);
  const sandboxPort = await nextFreePort(SANDBOX_DEFAULT_PORT);
  const gatewayPort = await nextFreePort(GATEWAY_DEFAULT_PORT);
  const codecPort = await nextFreePort(CODEC_SERVER_DEFAULT_PORT);
  const codecOrigin = `http://127.0.0.1:${codecPort}`;
  const uiUrl = `http://127.0.0.1:${uiPort}`;
  const sandboxOrigin = `http://127.0.0.1:${sandboxPort}`;
  const codecToken = randomBytes(24).toString('base64url');
  const accessKeys = join(folder, 'access-keys.json');
  const gateway = { origin: `http://127.0.0.1:${gatewayPort}`, key: developmentKey(accessKeys) };
  try {
    const temporal = await startDevServer({
      cli: readTemporalCli(),
      dataFolder: folder,
      port,
      uiPort,
      codecEndpoint: codecOrigin,
    });
    started.push(temporal);
    print(`Temporal    ${temporal.address}, its UI at ${uiUrl}`);

    const environment = {
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      SANDBOX_PORT: String(sandboxPort),
      SANDBOX_DATA: join(folder, 'sandbox.jsonl'),
      // The sandbox's own programs, whatever this terminal is set to.
      REDEMPTION_PROGRAMS: '',
      REDEMPTION_ENCRYPTION_KEYS: '',
      REDEMPTION_LOG_LEVEL: 'info',
      GATEWAY_PORT: String(gatewayPort),
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_ACCESS_KEYS: accessKeys,
      GATEWAY_PAYMENT_SOURCES: '',
      CODEC_SERVER_PORT: String(codecPort),
      CODEC_SERVER_HOST: '127.0.0.1',
      CODEC_SERVER_TOKEN: codecToken,
      TEMPORAL_UI_ORIGIN: uiUrl,
    };
    const startProgram = async (name: string, file: string, readyLine: string) => {
      const child = startChild({
        name: `the ${name}`,
        command: process.execPath,
        args: ['--import', 'tsx', file],
        environment,
        logFile: join(folder, `${name}.log`),
      });
      started.push(child);
      await child.saw(readyLine, START_LIMIT_MS);
    };
    await startProgram('sandbox', 'src/sandbox.ts', 'listens on');
    print(`Sandbox     ${sandboxOrigin}`);
    await startProgram('worker', 'src/worker.ts', 'worker is polling');
    print(`Worker      is polling; all logs are in ${folder}`);
    await startProgram('gateway', 'src/gateway.ts', 'listens on');
    print(`Gateway     ${gateway.origin}, described at /docs; its key for this machine:`);
    // Alone and plain, so that it can be copied, and read by a script.
    print(`REDEMPTION_API_KEY=${gateway.key}`);
    await startProgram('codec-server', 'src/codec-server.ts', 'codec server listens');
    print(`Codec       ${codecOrigin}, for Temporal UI; its token for this machine:`);
    print(`CODEC_SERVER_TOKEN=${codecToken}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: `127.0.0.1:${port}`,
    uiUrl,
    codecOrigin,
    sandboxOrigin,
    gateway,
    commandPrefix: prefixFor(port, sandboxPort),
    ended: Promise.race(started.map((child) => child.ended)),
    stop,
  };
}

/** A new one for each start; the file holds its hash alone. */
function developmentKey(file: string): string {
  const { secret, hash } = newKey();
  writeAccessKeys(file, [{ id: 'development', scopes, hashes: [hash] }]);
  return secret;
}

function prefixFor(port: number, sandboxPort: number): string {
  return [
    ...(port === TEMPORAL_PORT ? [] : [`TEMPORAL_ADDRESS=127.0.0.1:${port} `]),
    ...(sandboxPort === SANDBOX_DEFAULT_PORT ? [] : [`SANDBOX_PORT=${sandboxPort} `]),
  ].join('');
}
