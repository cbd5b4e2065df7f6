/** A run hands its notification on until Temporal has confirmed it, so the run that delivers them may get one twice. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

let receiver: Receiver;
let sandbox: Sandbox;
let env: TestEnvironment;

beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openSandbox();
  const told = [...sandbox.programs.values()].map((program) => ({
    ...program,
    notifyUrl: receiver.url,
    notifySecret: receiver.secret,
  }));
  env = await openTestEnvironment({
    programs: new Map(told.map((program) => [program.id, program])),
  });
});
afterAll(async () => {
  await env.close();
  await sandbox.close();
  await receiver.close();
});

it('a notification that was handed on twice is delivered once', async () => {
  const redemption = {
    program: 'coffee-club',
    redemptionId: `R-${randomUUID().slice(0, 8)}`,
    store: 'S1',
    status: 'compensating',
    reason: 'payment-voided',
    granted: false,
    points: 200,
    discount: { amount: '2.00', currency: 'GBP' },
  };
  const first = {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    redemption,
  };
  const handle = await env.temporal.workflow.signalWithStart('news', {
    workflowId: workflowIdOf('news', redemption),
    taskQueue: TASK_QUEUE,
    args: [first],
    signal: 'tell',
    signalArgs: [first],
  });
  await handle.result();
  expect(receiver.received.map(({ id }) => id)).toEqual([first.id]);
});
