/** An attempt that finds an earlier restoration, with the sandbox at the other end. Only time passes faster. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import type { Clock } from '../../../src/activities/dependencies.ts';
import { restorationActivities } from '../../../src/activities/restoration.ts';
import type { RestorationOrder } from '../../../src/domain/orders.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../../src/worker/connect-programs.ts';
import { SHORT_WAIT_MS, useProvider, WAIT_MS } from '../../support/loyalty/provider-test.ts';

const test = useProvider('coffee-club');

it('does not take a restoration for done whose reactions add up to other points, and names the sum', async () => {
  const member = await test.member(500);
  const deduction = test.deduction(member, 100);
  const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
  await test.fault('restore', 'second-reactor');
  await test.failure(test.provider.restorePoints(deduction, reference, SHORT_WAIT_MS));

  let now = Date.now();
  const clock: Clock = {
    now: () => now,
    sleep: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const programs = connectPrograms(test.sandbox.programs, sandboxKeyRing);
  const { restorePoints } = restorationActivities({ programs, clock });
  const order: RestorationOrder = {
    ...deduction,
    program: test.program.id,
    reference,
    isRepeated: true,
    settlingMs: 30_000,
  };
  expect(await new MockActivityEnvironment().run(restorePoints, order)).toEqual({
    kind: 'stuck',
    reason: 'restoration-not-applied',
    message: 'the event was accepted, and its reactions add up to 200 points, not 100',
  });
  expect(await test.movements(member)).toEqual([-100, 100, 100]);
});
