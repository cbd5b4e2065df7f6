/** A worker that somebody left behind, and that looks for its server where `npm start` would have one. */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild, type Child } from '../../../src/local/child.ts';
import { startDevServer } from '../../../src/local/dev-server.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { serverPath } from '../../support/servers.ts';

const run = promisify(execFile);
const LIMIT_MS = 90_000;

describe('npm start, where another worker waits for a server', () => {
  let port: number;
  let worker: Child;
  beforeAll(async () => {
    port = 20_000 + 10 * randomInt(1_000);
    const server = await startDevServer({ cli: serverPath('TEMPORAL_CLI_PATH'), port });
    worker = startChild({
      name: 'the strange worker',
      command: process.execPath,
      args: ['--import', 'tsx', 'src/worker.ts'],
      environment: {
        TEMPORAL_ADDRESS: server.address,
        SANDBOX_PORT: String(await anyFreePort()),
        REDEMPTION_LOG_LEVEL: 'info',
      },
    });
    await worker.saw('worker is polling', LIMIT_MS);
    await server.kill();
  }, LIMIT_MS);
  afterAll(() => worker.kill());

  it(
    'says who that is, takes another port, and serves every sale itself',
    async () => {
      const command = ['--import', 'tsx', 'src/demo/start.ts', '--once'];
      const { stdout } = await run(process.execPath, [...command, '--first-port', String(port)], {
        timeout: LIMIT_MS,
      });
      const identity = `${worker.pid}@${hostname()}`;
      expect(stdout).toMatch(
        new RegExp(
          `^Worker ${identity} polls the task queue of 127.0.0.1:${port}, and npm start did not start it: taking port \\d+ instead\\.$`,
          'm',
        ),
      );
      expect(stdout).toContain('Every balance is right');
    },
    LIMIT_MS,
  );
});
