/** A deduction whose answer was lost may have overspent, and only the look-up can still see it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../../src/worker/connect-programs.ts';
import { activitiesAt, orderOf } from '../../support/activities.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(() => sandbox.close());

it('a found deduction comes with its balance, also below zero', async () => {
  const programs = connectPrograms(sandbox.programs, sandboxKeyRing);
  const { findDeduction } = activitiesAt(sandbox);
  const member = await sandbox.member('coffee-club', 50);
  const order = orderOf(member, { now: Date.now(), leftMs: 10_000, answerMs: 5_000 });
  const provider = programs.get(member.program)?.provider;
  await provider?.deductPoints(order, 5_000);
  expect(await new MockActivityEnvironment().run(findDeduction, order)).toMatchObject({
    kind: 'found',
    applied: true,
    balance: -150,
  });
  await provider?.restorePoints(order, 'unused', 5_000);
});
