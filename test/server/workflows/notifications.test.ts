/** The POS is told what becomes of a sale without asking: signed, in order, until it has taken it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { openShop, type Shop } from '../../support/environment.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { openSandbox, type Fault, type Sandbox } from '../../support/sandbox-client.ts';
import { bothPrograms } from '../../support/use-environment.ts';

const ACT = { by: 'olivia', why: 'a test' };

let receiver: Receiver;
let sandbox: Sandbox;
let shop: Shop;
let stopWorker: () => Promise<void>;

beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openSandbox();
  const told = [...sandbox.programs.values()].map((program) => ({
    ...program,
    id: `${program.id}-told`,
    notifyUrl: receiver.url,
    notifySecret: receiver.secret,
  }));
  shop = await openShop('local', new Map(told.map((program) => [program.id, program])));
  stopWorker = await shop.startWorker();
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(async () => {
  await stopWorker();
  await shop.close();
  await sandbox.close();
  await receiver.close();
});

describe.each(bothPrograms)('the POS of %s is told', (program) => {
  async function redeemed(overrides: Partial<RedemptionRequest> = {}) {
    const alice = await sandbox.member(program, 1_000);
    const request = shop.request(alice, { program: `${program}-told`, ...overrides });
    await shop.client.redeem(request);
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

  it('of what needs attention, and of how it was mended', async () => {
    const { request } = await redeemed();
    await sandbox.fault({ service, call: 'restore', fault: 'refuse' });
    await shop.client.void(request);
    await receiver.typesOf(request.redemptionId, 2);
    await shop.until(request, 'needs-attention');
    await shop.client.retry(request, ACT);
    expect(await receiver.typesOf(request.redemptionId, 4)).toEqual([
      'redemption.compensating payment-voided',
      'redemption.needs-attention restoration-refused',
      'redemption.compensating payment-voided',
      'redemption.compensated payment-voided',
    ]);
  });

  it('of a late capture, after everything that came before it, and of its points', async () => {
    const { request } = await redeemed({ paymentDeadlineMs: 1_000 });
    await shop.ended(request);
    await shop.client.capture(request);
    await shop.until(request, 'needs-attention');
    await shop.client.resolve(request, {
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
    await shop.client.capture(request);
    await shop.ended(request);
    const id = `news:${request.program}:${request.redemptionId}`;
    await expect(shop.env.client.workflow.getHandle(id).describe()).rejects.toThrow();
    await shop.client.void(request);
    expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
      'redemption.compensating payment-voided',
      'redemption.compensated payment-voided',
    ]);
  });
});

it('keeps the order, and one id for each message, while the POS refuses', async () => {
  const alice = await sandbox.member('travel-miles', 1_000);
  const request = shop.request(alice, { program: 'travel-miles-told', paymentDeadlineMs: 1_000 });
  const before = receiver.refused;
  receiver.refuseNext(2);
  await shop.client.redeem(request);
  expect(await receiver.typesOf(request.redemptionId, 2)).toEqual([
    'redemption.compensating payment-timed-out',
    'redemption.compensated payment-timed-out',
  ]);
  expect(receiver.refused).toBe(before + 2);
  const ids = receiver.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
