/** Whoever reaches Temporal, and has no key, takes ids and claims references. */
import { expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { defaultPayloadConverter } from '@temporalio/common';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { createSearchAttributes } from '../../../src/temporal/namespace.ts';
import { lookUpOf } from '../../support/environment.ts';
import { awaited } from '../../support/awaited.ts';
import { strangerWith } from '../../support/stranger.ts';
import { testWorkers } from '../../support/test-workers.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';

const env = useTestEnvironment();
const program = 'coffee-club';

it('points that land late go back, or are visible, although the id of the watch was taken', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { program: `${program}-watched`, deductByMs: 4_000 });
  const stray = await strangerWith(env).workflow.start('watch', {
    workflowId: workflowIdOf('watch', request),
    taskQueue: 'nobody-polls-this-either',
    args: [],
  });
  await env.atProvider(program, 'deduct', 'slow', { delayMs: 6_000 });
  expect(await env.redeem(request)).toMatchObject({ status: 'declined' });
  await delay(9_000);
  const moved = await env.moved(alice);
  const listed = await env.client.list({ needsAttention: true, limit: 100 });
  await stray.terminate('over');
  const isVisible = listed.some(({ redemptionId }) => redemptionId === request.redemptionId);
  expect({ moved, isVisible }).not.toEqual({ moved: [-200], isVisible: false });
}, 40_000);

it('a run that only claims a reference, in search, keeps no operator from adopting it', async () => {
  await env.atProvider(program, 'deduct', 'cut-after-commit');
  await env.atProvider(program, lookUpOf(program), 'error-before-commit', { times: 1_000 });
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { deductByMs: 3_000 });
  await env.redeem(request);
  await env.until(request, 'needs-attention');
  const { movements } = await env.sandbox.ledger(alice);
  const reference = movements[0]?.reference ?? '';
  const stray = await strangerWith(env).workflow.start('anything', {
    workflowId: 'not-even:a:sale',
    taskQueue: 'nobody-polls-this-either',
    args: [],
    typedSearchAttributes: [
      { key: searchAttributes.program, value: program },
      { key: searchAttributes.reference, value: reference },
    ],
  });
  await awaited('the stray in search', async () => {
    const query = `WorkflowId = '${stray.workflowId}'`;
    return (await env.temporal.workflow.count(query)).count === 1;
  });
  await env.sandbox.clearFaults();
  const told = await env.client
    .resolve(request, { resolution: 'adopt', reference, by: 'olivia', why: 'found' })
    .then(
      () => 'adopted',
      (error: Error) => error.message,
    );
  await stray.terminate('over');
  await env.abandon(request).catch(() => undefined);
  expect(told).toBe('adopted');
}, 40_000);

it('whoever may only decode, by the codec server, starts no sale', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  // What its /encode makes of it, for any token.
  const [payload] = await new EncryptionCodec(sandboxKeyRing).encode([
    defaultPayloadConverter.toPayload({ request, fingerprint: newFingerprint(request), deductByMs: 10_000, version: 2 }),
  ]);
  await strangerWith(env, payload).workflow.start('redemption', {
    workflowId: workflowIdOf('redemption', request),
    taskQueue: TASK_QUEUE,
    args: ['encoded'],
  });
  await delay(2_000);
  const moved = await env.moved(alice);
  await env.voidSale(request).catch(() => undefined);
  await env.ended(request).catch(() => undefined);
  expect(moved).toEqual([]);
});

it('the start of one namespace, copied into another one of the same keys, takes no points', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  const namespace = 'adversary-other';
  const { connection } = env.temporal;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await awaited('the namespace', () =>
    createSearchAttributes(connection, namespace).then(
      () => true,
      () => false,
    ),
  );
  await delay(3_000);
  const start = await testWorkers({
    server: env.server,
    namespace,
    programs: env.programs,
    keyRing: sandboxKeyRing,
    skipsTime: false,
  });
  const stop = await start();
  try {
    const { events } = await env.handle(request).fetchHistory();
    const copied = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (!copied) throw new Error('no start');
    const codec = { encode: () => Promise.resolve([copied]), decode: (p: never[]) => Promise.resolve(p) };
    const there = new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec as never] } });
    await there.workflow.start('redemption', {
      workflowId: workflowIdOf('redemption', request),
      taskQueue: TASK_QUEUE,
      args: ['copied'],
    });
    await delay(3_000);
    const moved = await env.moved(alice);
    await there.workflow.getHandle(workflowIdOf('redemption', request)).terminate('over').catch(() => undefined);
    await env.voidSale(request);
    await env.ended(request);
    expect(moved).toEqual([-200]);
  } finally {
    await stop();
  }
}, 60_000);
