/**
 * An attacker who reaches Temporal, and has no key: they can start runs, copy what they see and send anything. No points
 * move, and no sale ends, by any of it.
 */
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';

const env = useTestEnvironment();

const attacker = (copied?: Payload) => strangerWith(env, copied);

const startOf = (request: RedemptionRequest) => ({
  request,
  fingerprint: newFingerprint(request),
  deductByMs: 10_000,
  version: 2,
});

/** A run that was not refused would wait for its payment. */
const endOf = ({ workflowId }: WorkflowHandle) =>
  env.temporal.withDeadline(Date.now() + 10_000, () =>
    env.temporal.workflow.getHandle(workflowId).result(),
  );

async function historyOf(workflowId: string) {
  const { events } = await env.temporal.workflow.getHandle(workflowId).fetchHistory();
  return events ?? [];
}

/** The first payload of the event of a run that has this field. */
async function payloadOf(
  workflowId: string,
  field: 'workflowExecutionStartedEventAttributes' | 'workflowExecutionSignaledEventAttributes',
): Promise<Payload> {
  const events = await historyOf(workflowId);
  const payload = events.flatMap((event) => event[field]?.input?.payloads ?? [])[0];
  if (payload === undefined) throw new Error(`${workflowId} has no ${field}`);
  return payload;
}

describe.each(bothPrograms)('whoever reaches Temporal, at %s,', (program) => {
  const member = () => env.sandbox.member(program, 1_000);

  it.each([
    ['under the id of its request', (request: RedemptionRequest) => request.redemptionId],
    ['under another id', () => `R-${randomUUID().slice(0, 8)}`],
  ])('takes no points by a start in plain JSON %s', async (_, idOf) => {
    const alice = await member();
    const request = env.request(alice);
    const sale = { program, redemptionId: idOf(request) };
    const handle = await attacker().workflow.start('redemption', {
      workflowId: workflowIdOf('redemption', sale),
      taskQueue: TASK_QUEUE,
      args: [startOf(request)],
    });
    await endOf(handle);
    expect(await env.status(sale)).toMatchObject({ status: 'declined', granted: false });
    expect(await env.moved(alice)).toEqual([]);
  });

  it('takes no points by the encrypted start of one sale, copied under another id', async () => {
    const alice = await member();
    const request = env.request(alice);
    await env.redeem(request);
    const copied = await payloadOf(
      workflowIdOf('redemption', request),
      'workflowExecutionStartedEventAttributes',
    );
    const sale = { program, redemptionId: `${request.redemptionId}-copy` };
    const handle = await attacker(copied).workflow.start('redemption', {
      workflowId: workflowIdOf('redemption', sale),
      taskQueue: TASK_QUEUE,
      args: ['copied'],
    });
    await endOf(handle);
    expect(await env.moved(alice)).toEqual([-200]);
    await env.voidSale(request);
    await env.ended(request);
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it.each(['reversal', 'watch', 'case', 'news'] as const)(
    'gives nothing back, and tells nothing, by a %s in plain JSON',
    async (type) => {
      const alice = await member();
      const request = env.request(alice);
      await env.redeem(request);
      const ended = await env.status(request);
      const order = {
        ...request,
        memberId: alice.memberId,
        discountMinor: 500,
        since: new Date().toISOString(),
        deductBy: Date.now(),
        answerMs: 1_000,
        settlingMs: 1_000,
        lateWatchMs: [1],
      };
      const start =
        type === 'news'
          ? { id: randomUUID(), timestamp: new Date().toISOString(), redemption: ended }
          : { ended, order, fulfils: false };
      const handle = await attacker().workflow.start(type, {
        workflowId: workflowIdOf(type, request),
        taskQueue: TASK_QUEUE,
        args: [start],
      });
      await expect(endOf(handle)).rejects.toThrow('Workflow execution failed');
      expect(await env.status(request)).toMatchObject({ status: 'awaiting-payment' });
      expect(await env.moved(alice)).toEqual([-200]);
      await env.abandon(request);
    },
  );

  it('settles nothing by an act in plain JSON', async () => {
    const alice = await member();
    const request = env.request(alice);
    await env.atProvider(program, 'restore', 'refuse');
    await env.redeem(request);
    await env.voidSale(request);
    await env.until(request, 'needs-attention');
    const handle = attacker().workflow.getHandle(workflowIdOf('redemption', request));
    for (const update of ['retry', 'resolve'])
      await expect(
        handle.executeUpdate(update, {
          args: [{ resolution: 'restored', by: 'mallory', why: 'a guess' }],
        }),
      ).rejects.toThrow();
    expect(await env.status(request)).toMatchObject({ status: 'needs-attention' });
    await env.client.retry(request, { by: 'olivia', why: 'the provider is back' });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it('ends no sale by a void that was copied from another one', async () => {
    const [alice, bob] = [await member(), await member()];
    const [hers, his] = [env.request(alice), env.request(bob)];
    await Promise.all([env.redeem(hers), env.redeem(his)]);
    await env.voidSale(hers);
    await env.ended(hers);
    const copied = await payloadOf(
      workflowIdOf('redemption', hers),
      'workflowExecutionSignaledEventAttributes',
    );
    await attacker(copied)
      .workflow.getHandle(workflowIdOf('redemption', his))
      .signal('paymentVoided', 'copied');
    await awaited('the copy in the timeline', async () => {
      const { timeline } = await env.status(his);
      return timeline.some(({ what }) => what.includes('wrong shape'));
    });
    expect(await env.status(his)).toMatchObject({ status: 'awaiting-payment', granted: true });
    await env.capture(his);
    expect(await env.ended(his)).toMatchObject({ status: 'completed' });
    expect(await env.moved(bob)).toEqual([-200]);
  });

  it('gives up no sale, by a signal in plain JSON or with a guessed key', async () => {
    const alice = await member();
    const request = env.request(alice);
    await env.redeem(request);
    const workflowId = workflowIdOf('redemption', request);
    await attacker().workflow.getHandle(workflowId).signal('giveUp', { key: 'guessed' });
    await env.temporal.workflow.getHandle(workflowId).signal('giveUp', { key: 'guessed' });
    await env.capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('still reports payments as plain JSON, as any payment system does', async () => {
    const alice = await member();
    const request = env.request(alice);
    await env.redeem(request);
    await attacker()
      .workflow.getHandle(workflowIdOf('redemption', request))
      .signal('paymentCaptured', { eventId: 'evt-1' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('gets no answer for a sale of somebody else that is started with other content', async () => {
    const alice = await member();
    const request = env.request(alice);
    await env.redeem(request);
    await env.capture(request);
    await env.ended(request);
    await expect(env.redeem({ ...request, till: 'T99' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const ask = new WithStartWorkflowOperation('redemption', {
      workflowId: workflowIdOf('redemption', request),
      taskQueue: TASK_QUEUE,
      args: [startOf(request)],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    await expect(
      attacker().workflow.executeUpdateWithStart('pointsDeducted', {
        startWorkflowOperation: ask,
      }),
    ).rejects.toThrow();
    expect(await env.moved(alice)).toEqual([-200]);
  });
});

it('a run with a memo that nobody can decode hides no other sale from the lists', async () => {
  const store = `S-${randomUUID().slice(0, 8)}`;
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { store });
  await env.redeem(request);
  const garbage: Payload = {
    metadata: {
      encoding: new TextEncoder().encode('binary/encrypted'),
      'encryption-key-id': new TextEncoder().encode('no-such-key'),
    },
    data: randomBytes(64),
  };
  const stray = env.request(alice, { store });
  const ids = [workflowIdOf('redemption', stray), `no sale at all ${randomUUID()}`];
  const strays = await Promise.all(
    ids.map((workflowId) =>
      attacker(garbage).workflow.start('redemption', {
        workflowId,
        taskQueue: TASK_QUEUE,
        args: [],
        memo: { note: 'poison' },
        typedSearchAttributes: [{ key: searchAttributes.store, value: store }],
      }),
    ),
  );
  await awaited('all runs in the list', async () => {
    const { count } = await env.temporal.workflow.count(
      `${searchAttributes.store.name} = '${store}'`,
    );
    return count === 3;
  });
  const listed = await env.client.list({ store, limit: 10 });
  expect(listed.map(({ redemptionId }) => redemptionId)).toContain(request.redemptionId);
  expect(listed.map(({ redemptionId }) => redemptionId)).toContain(stray.redemptionId);
  const { program, redemptionId } = stray;
  // No worker can read what it was started with, so it waits for one that has the key.
  await expect(env.client.status({ program, redemptionId })).rejects.toMatchObject({
    name: 'RedemptionError',
  });
  const query = `${searchAttributes.store.name} = '${store}'`;
  expect(await env.client.retryAll(query, ACT)).toEqual({ retried: 0, ended: 0 });
  await Promise.all(strays.map((handle) => handle.terminate('the test is over')));
  await env.voidSale(request);
  await env.ended(request);
  expect(await env.moved(alice)).toEqual([-200, 200]);
});
