/** Whoever reaches Temporal, and has no key: news to the POS, and a failure in the name of a running activity. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { openReceiver } from '../../support/receiver.ts';
import { activityCommand, rogueRun } from '../../support/rogue.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

it('a POS gets no news that a stranger made up, signed with our secret', async () => {
  const receiver = await openReceiver();
  await env.stopWorker();
  const base = env.programs.get(program);
  if (base === undefined) throw new Error('none');
  const programs = new Map(env.programs).set(program, { ...base, notifyUrl: receiver.url, notifySecret: receiver.secret });
  await env.startWorker({ programs });
  const redemptionId = `S12-${randomUUID().slice(0, 8)}`;
  const news = {
    id: randomUUID(),
    type: 'redemption.completed',
    timestamp: new Date().toISOString(),
    redemption: { program, redemptionId, store: 'S12', status: 'completed', granted: true, points: 5_000, discount: { amount: '50.00', currency: 'GBP' } },
  };
  const { answer } = await rogueRun(env, {}, [activityCommand('deliverNews', news, TASK_QUEUE)]);
  await answer([]);
  const received = receiver.received.map((each) => each.data.redemptionId);
  await receiver.close();
  await env.stopWorker();
  await env.startWorker();
  expect(received).toEqual([]);
});

it('a deduction that fails in words of a stranger is not sent a second time', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { deductByMs: 20_000 });
  await env.atProvider(program, 'deduct', 'slow', { delayMs: 2_000 });
  const first = env.redeem(request).catch((error: unknown) => error);
  await env.until(request, 'deducting');
  await delay(300);
  const { connection, options } = env.temporal;
  const workflowId = workflowIdOf('redemption', request);
  const { raw } = await env.handle(request).describe();
  const activityId = raw.pendingActivities?.[0]?.activityId ?? '';
  await connection.workflowService.respondActivityTaskFailedById({
    namespace: options.namespace,
    workflowId,
    activityId,
    identity: 'rogue',
    failure: { message: 'x', source: 'TypeScriptSDK', applicationFailureInfo: { type: 'DecryptionError', nonRetryable: true } },
  });
  await first;
  await delay(3_000);
  const taken = (await env.moved(alice)).filter((points) => points < 0);
  await env.voidSale(request);
  await env.ended(request);
  expect(taken).toEqual([-200]);
}, 40_000);
