/** The POS is told what becomes of a sale without asking: signed, in order, until it has taken it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { lookUpOf, openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import type { Fault } from '../../support/sandbox-client.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';
import { ACT } from '../../support/words.ts';

let receiver: Receiver;
let sandbox: Sandbox;
let env: TestEnvironment;

beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openSandbox();
  const told = [...sandbox.programs.values()].map((program) => ({
    ...program,
    id: `${program.id}-told`,
    notifyUrl: receiver.url,
    notifySecret: receiver.secret,
  }));
  env = await openTestEnvironment({
    programs: new Map(told.map((program) => [program.id, program])),
  });
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(async () => {
  await env.close();
  await sandbox.close();
  await receiver.close();
});

describe.each(bothPrograms)('the POS of %s is told', (program) => {
  async function redeemed(overrides: Partial<RedemptionRequest> = {}) {
    const alice = await sandbox.member(program, 1_000);
    const request = env.request(alice, { program: `${program}-told`, ...overrides });
    await env.client.redeem(request);
    return { alice, request };
  }

  const service: Fault['service'] = program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';

  it('of a payment that never came, in order and nothing of the member', async () => {
    const { alice, request } = await redeemed({ paymentDeadlineMs: 1_000 });
    expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
      'redemption.compensating payment-timed-out',
      'redemption.compensated payment-timed-out',
    ]);
    const own = receiver.received.filter(({ data }) => data.redemptionId === request.redemptionId);
    expect(own.at(-1)?.data).toMatchObject({
      program: request.program,
      store: request.store,
      status: 'compensated',
      granted: false,
      points: 200,
    });
    const text = JSON.stringify(own);
    for (const spelling of [alice.memberId, alice.alias]) expect(text).not.toContain(spelling);
  });

  it('of what needs attention, and of how it was resolved', async () => {
    const { request } = await redeemed();
    await sandbox.fault({ service, call: 'restore', fault: 'refuse' });
    await env.client.void(request);
    await receiver.typesOf(request.redemptionId, 2);
    await env.until(request, 'needs-attention');
    await env.client.retry(request, ACT);
    expect(await receiver.typesOf(request.redemptionId, 4)).toEqual([
      'redemption.compensating payment-voided',
      'redemption.needs-attention restoration-refused',
      'redemption.compensating payment-voided',
      'redemption.compensated payment-voided',
    ]);
  });

  it('of a decline, although the run has nothing left to do', async () => {
    const alice = await sandbox.member(program, 1_000);
    const request = env.request(alice, { program: `${program}-told`, deductByMs: 3_000 });
    await sandbox.fault({ service, call: 'deduct', fault: 'cut-before-commit' });
    const call = lookUpOf(program);
    await sandbox.fault({ service, call, fault: 'error-before-commit', times: 1_000 });
    await env.client.redeem(request);
    await env.until(request, 'needs-attention');
    await env.client.resolve(request, { ...ACT, resolution: 'not-deducted' });
    expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
      'redemption.needs-attention deduction-unknown',
      'redemption.declined provider-failed',
    ]);
    expect(await env.ended(request)).toMatchObject({ status: 'declined' });
  });

  it('of a late capture, after everything that came before it, and of its points', async () => {
    const { request } = await redeemed({ paymentDeadlineMs: 1_000 });
    await env.ended(request);
    await env.client.capture(request);
    await env.until(request, 'needs-attention');
    await env.client.resolve(request, {
      ...ACT,
      resolution: 'deduct-again',
    });
    expect(await receiver.typesOf(request.redemptionId, 4)).toEqual([
      'redemption.compensating payment-timed-out',
      'redemption.compensated payment-timed-out',
      'redemption.needs-attention late-capture',
      'redemption.completed',
    ]);
  });

  it('nothing of a sale that goes as it was told it would', async () => {
    const { request } = await redeemed();
    await env.client.capture(request);
    await env.ended(request);
    const id = `news:${request.program}:${request.redemptionId}`;
    await expect(env.temporal.workflow.getHandle(id).describe()).rejects.toThrow();
    await env.client.void(request);
    expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
      'redemption.compensating payment-voided',
      'redemption.compensated payment-voided',
    ]);
  });
});

it('keeps the order, and one id for each message, while the POS refuses', async () => {
  const alice = await sandbox.member('travel-miles', 1_000);
  const request = env.request(alice, { program: 'travel-miles-told', paymentDeadlineMs: 1_000 });
  const before = receiver.refused;
  receiver.refuseNext(2);
  await env.client.redeem(request);
  expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
    'redemption.compensating payment-timed-out',
    'redemption.compensated payment-timed-out',
  ]);
  expect(receiver.refused).toBe(before + 2);
  const ids = receiver.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('keeps the order of all that waits while the POS refuses', async () => {
  const alice = await sandbox.member('travel-miles', 1_000);
  const request = env.request(alice, { program: 'travel-miles-told' });
  await env.client.redeem(request);
  await sandbox.fault({ service: 'loyalife', call: 'restore', fault: 'refuse' });
  // The pauses before the next three attempts leave time for the rest of the sale.
  receiver.refuseNext(3);
  await env.client.void(request);
  await env.until(request, 'needs-attention');
  await env.client.retry(request, ACT);
  expect(await receiver.typesOf(request.redemptionId, 4)).toEqual([
    'redemption.compensating payment-voided',
    'redemption.needs-attention restoration-refused',
    'redemption.compensating payment-voided',
    'redemption.compensated payment-voided',
  ]);
});

it('of a decline, also where nobody can hand it on before the run has nothing left to do', async () => {
  const alice = await sandbox.member('travel-miles', 1_000);
  const request = env.request(alice, { program: 'travel-miles-told', deductByMs: 3_000 });
  await sandbox.fault({ service: 'loyalife', call: 'deduct', fault: 'cut-before-commit' });
  await sandbox.fault({
    service: 'loyalife',
    call: 'history',
    fault: 'error-before-commit',
    times: 1_000,
  });
  await env.client.redeem(request);
  await receiver.typesOf(request.redemptionId, 1);
  await env.stopWorker();
  await env.startWorker({ only: 'workflows' });
  await env.client.resolve(request, { ...ACT, resolution: 'not-deducted' });
  await env.until(request, 'declined');
  expect((await env.handle(request).describe()).status.name).toBe('RUNNING');
  await env.stopWorker();
  await env.startWorker();
  expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
    'redemption.needs-attention deduction-unknown',
    'redemption.declined provider-failed',
  ]);
  expect(await env.ended(request)).toMatchObject({ status: 'declined' });
});
