/** How long a member lock is held: while the outcome is unknown until it ends by itself, after a minute at most. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { DeductionOutcome } from '../../../src/domain/orders.ts';
import { activitiesAt, orderOf } from '../../support/activities.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

const NOW = Date.now();

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(() => sandbox.close());

/** Deducts once, and says how long the lock was asked for, and whether it was released. */
async function deduct(leftMs: number) {
  const member = await sandbox.member('coffee-club', 1_000);
  const lock = { askedMs: 0, isReleased: false };
  const { deductPoints } = activitiesAt(sandbox, {
    clock: { now: () => NOW, sleep: () => Promise.reject(new Error('nothing is waited for')) },
    memberLocks: {
      take(_name, milliseconds) {
        lock.askedMs = milliseconds;
        const release = () => {
          lock.isReleased = true;
          return Promise.resolve();
        };
        return Promise.resolve({ leftMs: milliseconds, release });
      },
    },
  });
  const order = orderOf(member, { now: NOW, leftMs, answerMs: 1_000 });
  const outcome = (await new MockActivityEnvironment().run(
    deductPoints,
    order,
  )) as DeductionOutcome;
  return { outcome, lock };
}

it('released when the deduction is known', async () => {
  const { outcome, lock } = await deduct(30_000);
  expect(outcome.kind).toBe('deducted');
  expect(lock.isReleased).toBe(true);
});

it('kept when the answer is lost, because the deduction may still show in the wallet', async () => {
  await sandbox.fault({
    service: 'white-label-loyalty',
    call: 'deduct',
    fault: 'cut-after-commit',
    times: 1,
  });
  const { outcome, lock } = await deduct(30_000);
  expect(outcome.kind).toBe('unknown');
  expect(lock.isReleased).toBe(false);
});

it('asked for a minute at most, however long the till waits', async () => {
  expect((await deduct(30_000)).lock.askedMs).toBe(31_000);
  expect((await deduct(10 * 60_000)).lock.askedMs).toBe(60_000);
});
