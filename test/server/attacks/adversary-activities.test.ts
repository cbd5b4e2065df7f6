/**
 * Whoever reaches Temporal, and has no key, serves a workflow of their own on a queue of their own, which schedules an
 * activity on the queue of our workers, in plain JSON.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { activityCommand, rogueRun } from '../../support/rogue.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

describe.each(bothPrograms)("a stranger's own workflow, at %s,", (program) => {
  const orderOf = (member: { memberId: string }) => ({
    program,
    redemptionId: `X-${randomUUID().slice(0, 8)}`,
    member: member.memberId,
    memberId: member.memberId,
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

  it('takes no points by an activity in plain JSON', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const { answer } = await rogueRun(env, {}, [
      activityCommand('deductPoints', orderOf(alice), TASK_QUEUE),
    ]);
    await answer([]);
    expect(await env.moved(alice)).toEqual([]);
  });

  it('gives no points back by an activity in plain JSON', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    await env.capture(request);
    const ended = await env.ended(request);
    const order = {
      ...orderOf(alice),
      redemptionId: request.redemptionId,
      points: 200,
      reference: ended.providerReference,
      isRepeated: false,
    };
    const { answer } = await rogueRun(env, {}, [activityCommand('restorePoints', order, TASK_QUEUE)]);
    await answer([]);
    expect(await env.status(request)).toMatchObject({ status: 'completed' });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('gives points back once alone, by the copied input of an activity under the id of the ended sale', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    await env.voidSale(request);
    await env.ended(request);
    const { events } = await env.handle(request).fetchHistory();
    const copied = events
      ?.map((event) => event.activityTaskScheduledEventAttributes)
      .find((attributes) => attributes?.activityType?.name === 'restorePoints')?.input?.payloads?.[0];
    if (!copied) throw new Error('no restoration');
    const { answer } = await rogueRun(
      env,
      { workflowId: workflowIdOf('redemption', request), type: 'redemption' },
      [activityCommand('restorePoints', copied, TASK_QUEUE)],
    );
    await answer([]);
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it('mints no points by an activity in plain JSON', async () => {
    const mallory = await env.sandbox.member(program, 0);
    const order = { ...orderOf(mallory), reference: 'made-up', isRepeated: false };
    const { answer } = await rogueRun(env, {}, [activityCommand('restorePoints', order, TASK_QUEUE)]);
    await answer([]);
    expect(await env.moved(mallory)).toEqual([]);
  });
});
