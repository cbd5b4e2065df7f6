/** Every command of the README and of the tutorial, as it stands there, against real processes. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { shownAnswers, withoutChance, type Shown } from '../../support/shown-answers.ts';
import { startStack, type GatewayProcess, type Ran, type Stack } from '../../support/stack.ts';

const LOOKS = /starter -- (list|show|status) |^curl (?!.* -d )/;
const COMMAND_LIMIT_MS = 90_000;
const POLL = { timeout: 40_000, interval: 500 };

let stack: Stack;
let worker: Child;
let gateway: GatewayProcess;
let folder: string;
let key: string;

beforeAll(async () => {
  stack = await startStack();
  worker = await stack.startWorker();
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
  const keys = join(folder, 'keys.json');
  const words = ['--file', keys, '--id', 'reader', '--scopes', 'redeem,read,payments'];
  key = String((await stack.json(['access-keys', 'create', ...words])).answer['key']);
  gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: keys });
});
afterAll(async () => {
  await gateway.child.stop();
  await worker.stop();
  await stack.stop();
  await rm(folder, { recursive: true });
});

/** The reader exports the key once. Questions that the command line would ask are answered before. */
function runAsReader(command: string): Promise<Ran> {
  const asks = /starter -- (retry|resolve) /.test(command);
  const here = command
    .replaceAll('http://127.0.0.1:8080', gateway.origin)
    .replaceAll('http://127.0.0.1:4010', stack.sandbox.origin)
    .concat(asks ? ' --yes' : '');
  const env = { ...process.env, NO_COLOR: '1', ...stack.environment, REDEMPTION_API_KEY: key };
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-c', here],
      { env, timeout: COMMAND_LIMIT_MS },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end();
  });
}

/** What the reader sees is what the document shows. */
async function answersAsShown({ command, json, text }: Shown): Promise<void> {
  const ran = await runAsReader(command);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  if (json !== undefined)
    expect(JSON.parse(withoutChance(ran.stdout))).toEqual(JSON.parse(withoutChance(json)));
  const seen = withoutChance(ran.stdout);
  for (const line of withoutChance(text ?? '').split('\n')) expect(seen).toContain(line);
}

describe.each(['README.md', 'docs/start.md'])('%s', (document) => {
  const commands = shownAnswers(document);

  it('shows the key that npm start prints', () => {
    expect(commands.map(({ command }) => command)).toContain('export REDEMPTION_API_KEY=prk_…');
  });

  it.each(commands.filter(({ command }) => !command.startsWith('export ')))(
    '$command',
    async (shown) => {
      // Commands that only look may be a moment too early, as a reader's may.
      if (LOOKS.test(shown.command)) await vi.waitFor(() => answersAsShown(shown), POLL);
      else await answersAsShown(shown);
    },
    120_000,
  );
});

it('no points of the documents are lost or doubled', async () => {
  const { movements, violations } = await stack.sandbox.ledger();
  expect(violations).toEqual([]);
  const left = new Map<string | undefined, number>();
  for (const { redemptionId, points } of movements)
    left.set(redemptionId, (left.get(redemptionId) ?? 0) + points);
  const spent = [...left].filter(([, points]) => points !== 0);
  expect(spent).toEqual([['S12-T3-1001', -500]]);
});
