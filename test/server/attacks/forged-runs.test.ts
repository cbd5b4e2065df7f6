/**
 * Whoever reaches Temporal, and has no key, serves runs of their own under the ids of ours, and ends them with outcomes in
 * plain JSON. Gateways and clients must not believe these, and never turn them into orders under our own encryption.
 */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { completeCommand, rogueRun } from '../../support/rogue.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

const forgedView = (redemptionId: string, more: object) => ({
  program,
  redemptionId,
  store: 'S12',
  status: 'completed',
  granted: true,
  points: 400,
  discount: { amount: '4.00', currency: 'GBP' },
  providerReference: 'made-up',
  timeline: [],
  ...more,
});

const forgedRun = (type: 'redemption' | 'reversal', redemptionId: string, outcome: object) =>
  rogueRun(env, { workflowId: workflowIdOf(type, { program, redemptionId }), type }, [
    completeCommand(outcome),
  ]);

it('a void of a forged sale gives nobody points', async () => {
  const mallory = await env.sandbox.member(program, 0);
  const redemptionId = `S12-${randomUUID().slice(0, 8)}`;
  const order = {
    program,
    redemptionId,
    member: mallory.memberId,
    memberId: mallory.memberId,
    points: 400,
    discountMinor: 400,
    store: 'S12',
    till: 'T3',
    since: new Date().toISOString(),
    deductBy: Date.now(),
    answerMs: 1_000,
    settlingMs: 1_000,
    lateWatchMs: [1],
  };
  await forgedRun('redemption', redemptionId, {
    kind: 'completed',
    redemption: forgedView(redemptionId, {}),
    voided: [],
    captured: [],
    fulfils: false,
    order,
  });
  const gateway = await openGateway(env);
  try {
    // Of every store, because search knows no store of this run.
    const key = gateway.newKey({ scopes: ['void'] });
    const path = `/v1/redemptions/${program}/${redemptionId}/void`;
    const answer = await gateway.post(path, {}, { key });
    await env.temporal.workflow
      .getHandle(workflowIdOf('reversal', { program, redemptionId }))
      .result()
      .catch(() => undefined);
    expect(await env.moved(mallory)).toEqual([]);
    expect(answer.status).toBe(409);
  } finally {
    await gateway.close();
  }
});

it('a till gets no discount from a forged sale, without points', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = {
    ...env.request(alice, { store: 'S12' }),
    redemptionId: `S12-${randomUUID().slice(0, 8)}`,
  };
  await forgedRun('redemption', request.redemptionId, {
    kind: 'completed',
    fingerprint: newFingerprint(request),
    redemption: forgedView(request.redemptionId, { points: 200 }),
    voided: [],
    captured: [],
    fulfils: false,
  });
  const gateway = await openGateway(env);
  try {
    const key = gateway.newKey({ scopes: ['redeem'], stores: ['S12'] });
    const answer = await gateway.post('/v1/redemptions', request, { key });
    expect(await env.moved(alice)).toEqual([]);
    expect(answer.body['granted']).not.toBe(true);
    expect(answer.status).toBe(409);
  } finally {
    await gateway.close();
  }
});

it('a void of a completed sale is not swallowed by a forged reversal', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  await env.capture(request);
  await env.ended(request);
  await forgedRun('reversal', request.redemptionId, {
    kind: 'compensated',
    redemption: forgedView(request.redemptionId, {
      status: 'compensated',
      granted: false,
      store: request.store,
    }),
    voided: [''],
    fulfils: false,
  });
  const told = {
    code: 'ended-by-force',
    message: expect.stringContaining('not started by a process'),
  };
  await expect(env.voidSale(request)).rejects.toMatchObject(told);
  await expect(env.status(request)).rejects.toMatchObject(told);
  expect(await env.moved(alice)).toEqual([-200]);
});

it('a till that asks how its sale stands is not told what a stranger’s own worker says', async () => {
  const redemptionId = `S12-${randomUUID().slice(0, 8)}`;
  const { answerQuery } = await rogueRun(
    env,
    { workflowId: workflowIdOf('redemption', { program, redemptionId }), type: 'redemption' },
    [],
  );
  const asked = env.status({ program, redemptionId }).catch((error: unknown) => error);
  await answerQuery(forgedView(redemptionId, {}));
  expect(await asked).toMatchObject({ code: 'conflict', field: 'redemptionId' });
});
