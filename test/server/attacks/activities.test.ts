/**
 * Whoever reaches Temporal, and has no key, serves a workflow of their own on a queue of their own, which gives orders to our
 * activities in plain JSON; or answers an activity of ours in the place of its worker.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { openReceiver } from '../../support/receiver.ts';
import { activityCommand, plain, rogueRun } from '../../support/rogue.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

const orderOf = ({ program, memberId }: { program: string; memberId: string }) => ({
  program,
  redemptionId: `X-${randomUUID().slice(0, 8)}`,
  member: memberId,
  memberId,
  points: 400,
  discountMinor: 400,
  store: 'S12',
  till: 'T3',
  names: { merchantName: 'Amazon', merchantReference: true },
  since: new Date().toISOString(),
  deductBy: Date.now() + 20_000,
  answerMs: 2_000,
  settlingMs: 1_000,
  lateWatchMs: [1],
});

/** What became of an order that a stranger gave to an activity of ours. */
async function given(activity: string, order: object) {
  const { answer } = await rogueRun(env, {}, [activityCommand(activity, order, TASK_QUEUE)]);
  const { history } = await answer([]);
  const failed = history?.events?.find((event) => event.activityTaskFailedEventAttributes);
  return failed?.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type;
}

/** Answers a running activity of this sale, once it runs. */
async function answerInPlace(
  { program, redemptionId }: RedemptionRequest,
  name: string,
  result?: object,
) {
  const { connection, options } = env.temporal;
  const workflowId = workflowIdOf('redemption', { program, redemptionId });
  let activityId = '';
  await awaited(`${name} is running`, async () => {
    // At first there is no such run yet.
    const run = await env
      .handle({ program, redemptionId })
      .describe()
      .catch(() => undefined);
    const running = run?.raw.pendingActivities?.find((each) => each.activityType?.name === name);
    activityId = running?.lastStartedTime ? (running.activityId ?? '') : '';
    return activityId !== '';
  });
  await connection.workflowService.respondActivityTaskCompletedById({
    namespace: options.namespace,
    workflowId,
    activityId,
    identity: 'stranger',
    ...(result && { result: { payloads: [plain(result)] } }),
  });
}

describe.each(bothPrograms)("a stranger's own workflow, at %s,", (program) => {
  it('takes no points by an activity in plain JSON', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    expect(await given('deductPoints', orderOf(alice))).toBe('unsealed-order');
    expect(await env.moved(alice)).toEqual([]);
  });

  it('gives no points back by an activity in plain JSON', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    await env.capture(request);
    const { providerReference: reference } = await env.ended(request);
    const { redemptionId } = request;
    const order = { ...orderOf(alice), redemptionId, points: 200, reference, isRepeated: false };
    expect(await given('restorePoints', order)).toBe('unsealed-order');
    expect(await env.status(request)).toMatchObject({ status: 'completed' });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('mints no points by an activity in plain JSON', async () => {
    const mallory = await env.sandbox.member(program, 0);
    const order = { ...orderOf(mallory), reference: 'made-up', isRepeated: false };
    expect(await given('restorePoints', order)).toBe('unsealed-order');
    expect(await env.moved(mallory)).toEqual([]);
  });

  it('fulfils nothing by an activity in plain JSON', async () => {
    const order = { ...orderOf({ program, memberId: 'any' }), discount: { amount: '1.00' } };
    expect(await given('fulfil', order)).toBe('unsealed-order');
    expect(await env.fulfilmentOf(order)).toBeUndefined();
  });
});

describe.each(bothPrograms)('an answer of a stranger, at %s,', (program) => {
  it.each([
    ['that claims a deduction', { kind: 'deducted', reference: 'made-up' }],
    ['that says nothing', undefined],
  ])('%s is not believed', async (_, result) => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { deductByMs: 20_000 });
    await env.atProvider(program, 'deduct', 'slow', { delayMs: 1_500 });
    const redeeming = env.redeem(request);
    await answerInPlace(request, 'deductPoints', result);
    const answer = await redeeming;
    const { movements } = await env.sandbox.ledger(alice);
    expect(answer.providerReference).toBe(movements[0]?.reference);
    await env.voidSale(request);
    await env.ended(request);
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it('that claims points were given back, keeps none', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    await env.atProvider(program, 'restore', 'slow', { delayMs: 1_500 });
    await env.voidSale(request);
    await answerInPlace(request, 'restorePoints', { kind: 'restored', reference: 'made-up' });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });
});

it('a POS gets no news that a stranger made up, signed with our secret', async () => {
  const program = 'coffee-club';
  const receiver = await openReceiver();
  await env.stopWorker();
  const usual = env.programs.get(program);
  if (usual === undefined) throw new Error(`${program} is unknown`);
  const notified = { ...usual, notifyUrl: receiver.url, notifySecret: receiver.secret };
  await env.startWorker({ programs: new Map(env.programs).set(program, notified) });
  const redemptionId = `S12-${randomUUID().slice(0, 8)}`;
  const news = {
    id: randomUUID(),
    timestamp: new Date().toISOString(),
    redemption: {
      program,
      redemptionId,
      store: 'S12',
      status: 'completed',
      granted: true,
      points: 5_000,
      discount: { amount: '50.00', currency: 'GBP' },
    },
  };
  const refusal = await given('deliverNews', news);
  const received = receiver.received.map(({ data }) => data.redemptionId);
  await receiver.close();
  await env.stopWorker();
  await env.startWorker();
  expect(refusal).toBe('unsealed-order');
  expect(received).toEqual([]);
});
