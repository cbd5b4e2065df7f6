import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import type { PaymentRecord } from '../../support/sandbox-client.ts';
import { bothPrograms, useShop } from '../../support/use-environment.ts';

const floor = useShop('time-skipping');
const { moved } = floor;

describe.each(bothPrograms)('the payment deadline of %s', (program) => {
  const member = () => floor.shop.sandbox.member(program, 1_000);
  const paymentIs = (request: RedemptionRequest, status: PaymentRecord['status']) =>
    floor.shop.sandbox.payment(program, request.redemptionId, { status });

  async function redeem(overrides: Partial<RedemptionRequest> = {}) {
    const alice = await member();
    const request = floor.shop.request(alice, overrides);
    expect(await floor.shop.client.redeem(request)).toMatchObject({ granted: true });
    return { alice, request };
  }

  it('gives the points back when the payment system knows of no payment', async () => {
    const { alice, request } = await redeem();
    expect(await floor.shop.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'payment-timed-out',
      granted: false,
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('gives the points back without a question where there is nobody to ask', async () => {
    const { alice, request } = await redeem({
      program: `${program}-plain`,
      paymentDeadlineMs: 60_000,
    });
    expect(await floor.shop.ended(request)).toMatchObject({ reason: 'payment-timed-out' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('goes on when the payment system says captured, for its message was lost', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'captured');
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when the payment system says voided', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'voided');
    expect(await floor.shop.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'payment-voided',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits once more for a payment that is pending', async () => {
    const { alice, request } = await redeem({ paymentDeadlineMs: 60_000 });
    await paymentIs(request, 'pending');
    await floor.shop.env.sleep(90_000);
    expect(await floor.shop.client.status(request)).toMatchObject({
      granted: true,
    });
    await paymentIs(request, 'captured');
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when the payment is still pending after that', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'pending');
    expect(await floor.shop.ended(request)).toMatchObject({ reason: 'payment-timed-out' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('asks a person when the payment system does not answer, and goes on when the payment is known', async () => {
    const { alice, request } = await redeem({ paymentDeadlineMs: 60_000 });
    await floor.shop.sandbox.fault({
      service: 'payment',
      call: 'status',
      fault: 'error-before-commit',
      times: 1_000,
    });
    // Minute by minute: skipped at once, all of it may pass before the run has asked at all.
    for (let minute = 0; minute < 30; minute += 1) {
      const { status } = await floor.shop.client.status(request);
      if (status === 'needs-attention') break;
      await floor.shop.env.sleep('1m');
    }
    const view = await floor.shop.until(request, 'needs-attention');
    expect(view).toMatchObject({ reason: 'payment-unknown', granted: false });
    expect(await moved(alice)).toEqual([-200]);
    await floor.shop.client.capture(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when fulfilment does not answer within its limit', async () => {
    const { alice, request } = await redeem();
    await floor.shop.sandbox.fault({
      service: 'fulfilment',
      call: 'fulfil',
      fault: 'error-after-commit',
      times: 1_000,
    });
    await floor.shop.client.capture(request);
    expect(await floor.shop.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'fulfilment-failed',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });
});

describe('deduct by', () => {
  it('is final: a redemption that no worker took up in time deducts nothing when one comes', async () => {
    await floor.stopWorker();
    const alice = await floor.shop.sandbox.member('coffee-club', 1_000);
    const request = floor.shop.request(alice, { deductByMs: 1_000 });
    expect(await floor.shop.client.redeem(request)).toMatchObject({
      granted: false,
      reason: 'too-late',
    });
    await floor.startWorker();
    expect(await floor.shop.ended(request)).toMatchObject({
      status: 'declined',
      reason: 'voided',
      granted: false,
    });
    expect(await moved(alice)).toEqual([]);
  });
});
