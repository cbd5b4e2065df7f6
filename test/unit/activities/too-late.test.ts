/** Nothing that takes points is sent when less is left than the provider may take to answer. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MemberLock } from '../../../src/activities/dependencies.ts';
import type { DeductionOutcome } from '../../../src/domain/orders.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { activitiesAt, orderOf } from '../../support/activities.ts';
import { openSandbox, type Member, type Sandbox } from '../../support/sandbox.ts';

const NOW = Date.now();
const ANSWER_MS = 5_000;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(() => sandbox.close());

async function deduct(
  member: Member,
  { leftMs, lockMs = 60_000 }: { leftMs: number; lockMs?: number },
): Promise<DeductionOutcome> {
  const lock: MemberLock = { leftMs: lockMs, release: () => Promise.resolve() };
  const { deductPoints } = activitiesAt(sandbox, {
    clock: { now: () => NOW, sleep: () => Promise.reject(new Error('nothing is waited for')) },
    memberLocks: { take: () => Promise.resolve(lock) },
  });
  const order = orderOf(member, { now: NOW, leftMs, answerMs: ANSWER_MS });
  return (await new MockActivityEnvironment().run(deductPoints, order)) as DeductionOutcome;
}

const moved = async (member: Member) =>
  (await sandbox.ledger(member)).movements.map(({ points }) => points);

describe.each(bothPrograms)('at %s', (program) => {
  it('with just time enough, the points are taken', async () => {
    const member = await sandbox.member(program, 1_000);
    expect(await deduct(member, { leftMs: ANSWER_MS })).toMatchObject({ kind: 'deducted' });
    expect(await moved(member)).toEqual([-200]);
  });

  it('with a millisecond less before *deduct by*, nothing is sent', async () => {
    const member = await sandbox.member(program, 1_000);
    expect(await deduct(member, { leftMs: ANSWER_MS - 1 })).toMatchObject({ kind: 'too-late' });
    expect(await moved(member)).toEqual([]);
  });
});

it('with a millisecond less before the end of the member lock, nothing is sent', async () => {
  const member = await sandbox.member('coffee-club', 1_000);
  const outcome = await deduct(member, { leftMs: 30_000, lockMs: ANSWER_MS - 1 });
  expect(outcome).toMatchObject({ kind: 'too-late' });
  expect(await moved(member)).toEqual([]);
});
