/** Runs every command of docs/operate, as it is written there, against a real server, worker and sandbox. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { startChild, type Child } from '../../../src/local/child.ts';
import { commandsOf, runShell } from '../../support/documents.ts';
import { newId, newSale } from '../../support/sales.ts';
import type { Fault } from '../../support/sandbox-client.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const POLL = { timeout: 40_000 };

let stack: Stack;
let worker: Child;
let folder: string;

beforeAll(async () => {
  stack = await startStack();
  worker = await stack.startWorker();
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
});
afterAll(async () => {
  await worker.stop();
  await stack.stop();
  await rm(folder, { recursive: true });
});

const fault = (call: Fault['call'], name: Fault['fault'], more: Partial<Fault> = {}) =>
  stack.sandbox.fault({ service: 'white-label-loyalty', call, fault: name, ...more });

async function becomes(id: string, word: string): Promise<void> {
  await expect
    .poll(async () => {
      const { status, reason } = await stack.redemptions.status({
        program: 'coffee-club',
        redemptionId: id,
      });
      return [status, reason];
    }, POLL)
    .toContain(word);
}

/** The sales are made without the command line, which takes its time. */
async function granted(changed: Partial<RedemptionRequest> = {}): Promise<string> {
  const sale = newSale(changed);
  await stack.redemptions.redeem(sale);
  return sale.redemptionId;
}

async function refused(): Promise<string> {
  const id = await granted();
  await fault('restore', 'refuse', { redemptionId: id });
  await stack.redemptions.void({ program: 'coffee-club', redemptionId: id });
  await becomes(id, 'restoration-refused');
  await expect
    .poll(
      async () => JSON.stringify(await stack.redemptions.list({ needsAttention: true, limit: 50 })),
      POLL,
    )
    .toContain(id);
  return id;
}

/** Its deduction was carried out, and could not be looked up. */
async function unknown(): Promise<string> {
  const redemptionId = newId();
  await fault('deduct', 'cut-after-commit', { redemptionId });
  await fault('events', 'error-before-commit', { times: 1_000 });
  await granted({ redemptionId, deductByMs: 6_000 });
  await becomes(redemptionId, 'deduction-unknown');
  await stack.sandbox.clearFaults();
  return redemptionId;
}

async function unapplied(): Promise<string> {
  const redemptionId = newId();
  await fault('deduct', 'missing-reactor', { redemptionId });
  await granted({ redemptionId, deductByMs: 6_000 });
  await becomes(redemptionId, 'deduction-not-applied');
  return redemptionId;
}

async function paidInFull(): Promise<string> {
  const id = await granted();
  const amount = { amount: '20.00', currency: 'GBP' };
  await stack.redemptions.capture({ program: 'coffee-club', redemptionId: id }, { amount });
  await becomes(id, 'discount-not-applied');
  return id;
}

async function paidLate(): Promise<string> {
  const id = await granted({ paymentDeadlineMs: 1_000 });
  await becomes(id, 'payment-timed-out');
  await stack.redemptions.capture({ program: 'coffee-club', redemptionId: id });
  await becomes(id, 'late-capture');
  return id;
}

async function referenceOf(id: string): Promise<string> {
  const { movements } = await stack.sandbox.ledger();
  return movements.find(({ redemptionId }) => redemptionId === id)?.reference ?? '';
}

interface Trial {
  /** Makes the sale that the command is for. */
  readonly sale?: () => Promise<string>;
  /** What the sale becomes. */
  readonly ends?: string;
  /** What the command prints. */
  readonly prints?: string | RegExp;
  readonly reference?: (id: string) => Promise<string>;
}

/** By the beginning of the command; one that begins like none of these fails. */
const trials: readonly (readonly [beginning: string, Trial])[] = [
  ['npm run starter -- list --needs-attention', { sale: refused, prints: 'restoration-refused' }],
  ['npm run starter -- list --status', { prints: /redemption/ }],
  ['npm run starter -- list --reason', { sale: refused, prints: 'restoration-refused' }],
  ['npm run starter -- list --member', { sale: granted, prints: 'awaiting-payment' }],
  ['npm run starter -- list --store', { sale: refused, prints: 'S12' }],
  ['npm run starter -- show', { sale: refused, prints: 'give them back at the provider by hand' }],
  ['npm run starter -- void', { sale: granted, ends: 'payment-voided' }],
  ['npm run starter -- capture', { sale: granted, ends: 'completed' }],
  ['temporal workflow cancel', { sale: granted, ends: 'cancelled' }],
  ['npm run starter -- retry --program', { sale: refused, ends: 'compensated' }],
  ['npm run starter -- retry --query', { sale: refused, ends: 'compensated' }],
  ['temporal workflow signal', { sale: refused, ends: 'compensated' }],
  ['npm run starter -- resolve adopt', { sale: unknown, ends: 'too-late', reference: referenceOf }],
  ['npm run starter -- resolve not-deducted', { sale: unapplied, ends: 'declined' }],
  ['npm run starter -- resolve restored', { sale: refused, ends: 'compensated' }],
  ['npm run starter -- resolve accept', { sale: paidInFull, ends: 'completed' }],
  ['npm run starter -- resolve deduct-again', { sale: paidLate, ends: 'completed' }],
  ['npm run starter -- setup', { prints: 'the search attributes exist' }],
  ['npm run starter -- encryption-keys create', { prints: 'keys.json' }],
  ['npm run starter -- encryption-keys add', { prints: 'only decrypts for now' }],
  ['npm run starter -- encryption-keys use', { prints: 'encrypts' }],
  ['npm run starter -- encryption-keys remove', { prints: 'removed' }],
];

function trialOf(command: string): Trial {
  const resolution = / --as (\S+)/.exec(command)?.[1];
  const named =
    resolution === undefined ? command : command.replace('resolve', `resolve ${resolution}`);
  const found = trials.find(([beginning]) => named.startsWith(beginning));
  if (found === undefined) throw new Error(`no trial of: ${command}`);
  return found[1];
}

/** The examples name a sale, a reference and keys. No terminal is there to confirm on. */
async function filledIn(command: string, id: string, reference: string): Promise<string> {
  const asks = /starter -- (retry|resolve) /.test(command);
  const file = join(folder, 'keys.json');
  // The one that `use` and `remove` mean: before each of them it stands last in the file.
  const key = / --key /.test(command) ? await lastKeyOf(file) : '';
  return command
    .replaceAll('S12-T3-0001', id)
    .replace('--reference 4711', `--reference ${reference}`)
    .replace('keys.json', file)
    .replace(/--key (ID|OLD)$/, `--key ${key}`)
    .concat(asks ? ' --yes' : '');
}

async function lastKeyOf(file: string): Promise<string> {
  const { keys } = JSON.parse(await readFile(file, 'utf8')) as { keys: { id: string }[] };
  return keys.at(-1)?.id ?? '';
}

const practice = commandsOf('docs/operate/practice.md');
const others = ['handbook', 'keys', 'workers'].flatMap((page) =>
  commandsOf(`docs/operate/${page}.md`),
);

describe('every command of docs/operate', () => {
  it.each([...new Set(others)])(
    '%s',
    async (command) => {
      if (command === 'npm run worker') {
        const child = startChild({
          name: 'the worker',
          command: 'npm',
          args: ['run', 'worker'],
          environment: { ...stack.environment, REDEMPTION_LOG_LEVEL: 'info' },
        });
        await child.saw('worker is polling', 30_000);
        await child.stop();
        return;
      }
      const { sale, ends, prints, reference } = trialOf(command);
      const id = (await sale?.()) ?? '';
      const asked = await filledIn(command, id, (await reference?.(id)) ?? '');
      const ran = await runShell(stack, asked);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      if (prints !== undefined) expect(ran.stdout).toMatch(prints);
      if (ends !== undefined) await becomes(id, ends);
    },
    120_000,
  );
});

it('a newcomer repairs the five broken sales with the handbook', async () => {
  const [breakThem = '', ...repairs] = practice;
  const broken = await runShell(stack, breakThem);
  expect(broken, broken.stderr).toMatchObject({ code: 0 });
  const [run] = /broken-\w+(?=-1)/.exec(broken.stdout) ?? [];
  for (const repair of repairs) {
    const command = repair.replaceAll('broken-RUN', String(run));
    const asks = /starter -- (retry|resolve) /.test(command);
    const ran = await runShell(stack, asks ? `${command} --yes` : command);
    expect(ran, `${command}\n${ran.stderr}`).toMatchObject({ code: 0 });
  }
  const endings = ['compensated', 'completed', 'declined', 'compensated', 'completed'];
  for (const [index, ending] of endings.entries()) {
    const program = index < 3 ? 'coffee-club' : 'travel-miles';
    await expect
      .poll(
        async () =>
          (await stack.redemptions.status({ program, redemptionId: `${run}-${index + 1}` })).status,
        POLL,
      )
      .toBe(ending);
  }
  const { members, movements, violations } = await stack.sandbox.ledger();
  const balances = Array.from({ length: 5 }, (_, index) => {
    const memberId = `member-of-${run}-${index + 1}`;
    const moved = movements
      .filter((movement) => movement.memberId === memberId)
      .reduce((sum, { points }) => sum + points, 0);
    const points = members.find((member) => member.memberId === memberId)?.points;
    expect(points).toBe(1_000 + moved);
    return points;
  });
  expect(balances).toEqual([1_000, 500, 1_000, 1_000, 500]);
  expect(violations).toEqual([]);
}, 240_000);
