/** The processes of the demonstration, each a child with a log of its own, at the usual port or the next free one. */
import { join } from 'node:path';
import { readTemporalCli } from '../config.ts';
import { SANDBOX_DEFAULT_PORT } from '../sandbox/programs.ts';
import { startChild, type Child } from './child.ts';
import { startDevServer } from './dev-server.ts';
import { nextFreePort } from './ports.ts';

const TEMPORAL_PORT = 7233;
const UI_PORT = 8233;
const START_LIMIT_MS = 60_000;

export interface Services extends Pick<Child, 'ended' | 'stop'> {
  readonly address: string;
  readonly uiUrl: string;
  readonly sandboxOrigin: string;
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
  const uiPort = await nextFreePort(UI_PORT);
  const sandboxPort = await nextFreePort(SANDBOX_DEFAULT_PORT);
  const uiUrl = `http://127.0.0.1:${uiPort}`;
  const sandboxOrigin = `http://127.0.0.1:${sandboxPort}`;
  try {
    const temporal = await startDevServer({
      cli: readTemporalCli(),
      dataFolder: folder,
      port,
      uiPort,
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
      REDEMPTION_LOG_LEVEL: 'info',
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
    await startProgram('sandbox', 'src/sandbox/main.ts', 'listens on');
    print(`Sandbox     ${sandboxOrigin}`);
    await startProgram('worker', 'src/worker.ts', 'worker is polling');
    print(`Worker      is polling; all logs are in ${folder}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address: `127.0.0.1:${port}`,
    uiUrl,
    sandboxOrigin,
    commandPrefix: prefixFor(port, sandboxPort),
    ended: Promise.race(started.map((child) => child.ended)),
    stop,
  };
}

function prefixFor(port: number, sandboxPort: number): string {
  return [
    ...(port === TEMPORAL_PORT ? [] : [`TEMPORAL_ADDRESS=127.0.0.1:${port} `]),
    ...(sandboxPort === SANDBOX_DEFAULT_PORT ? [] : [`SANDBOX_PORT=${sandboxPort} `]),
  ].join('');
}
