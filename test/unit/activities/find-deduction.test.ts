/** A deduction whose answer was lost may have overspent, and only the look-up can still see it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createActivities } from '../../../src/activities/index.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../../src/worker/connect-programs.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(() => sandbox.close());

it('a found deduction comes with its balance, also below zero', async () => {
  const programs = connectPrograms(sandbox.programs, sandboxKeyRing);
  const { findDeduction } = createActivities({
    programs,
    clock: { now: () => Date.now(), sleep: () => Promise.reject(new Error('nothing is awaited')) },
    memberLocks: { take: () => Promise.reject(new Error('nothing is locked')) },
    redemptionsWith: () => Promise.resolve([]),
    passOn: () => Promise.resolve(),
  });
  const member = await sandbox.member('coffee-club', 50);
  const order = {
    program: member.program,
    redemptionId: 'R1',
    member: member.memberId,
    memberId: member.memberId,
    points: 200,
    discountMinor: 200,
    store: 'S1',
    till: 'T1',
    since: new Date().toISOString(),
    deductBy: Date.now() + 10_000,
    answerMs: 5_000,
    settlingMs: 1_000,
    lateWatchMs: [],
  };
  const provider = programs.get(member.program)?.provider;
  await provider?.deductPoints(order, 5_000);
  expect(await new MockActivityEnvironment().run(findDeduction, order)).toMatchObject({
    kind: 'found',
    applied: true,
    balance: -150,
  });
  await provider?.restorePoints(order, 'unused', 5_000);
});
