import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import type { PaymentRecord } from '../../support/sandbox-client.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment({ skipsTime: true });
const { moved } = env;

describe.each(bothPrograms)('the payment deadline of %s', (program) => {
  const member = () => env.sandbox.member(program, 1_000);
  const paymentIs = (request: RedemptionRequest, status: PaymentRecord['status']) =>
    env.sandbox.payment(program, request.redemptionId, { status });

  async function redeem(overrides: Partial<RedemptionRequest> = {}) {
    const alice = await member();
    const request = env.request(alice, overrides);
    expect(await env.client.redeem(request)).toMatchObject({ granted: true });
    return { alice, request };
  }

  it('gives the points back when the payment system knows of no payment', async () => {
    const { alice, request } = await redeem();
    expect(await env.ended(request)).toMatchObject({
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
    expect(await env.ended(request)).toMatchObject({ reason: 'payment-timed-out' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('goes on when the payment system says captured, for its message was lost', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'captured');
    expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when the payment system says voided', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'voided');
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'payment-voided',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits once more for a payment that is pending', async () => {
    const { alice, request } = await redeem({ paymentDeadlineMs: 60_000 });
    await paymentIs(request, 'pending');
    await env.server.sleep(90_000);
    expect(await env.client.status(request)).toMatchObject({
      granted: true,
    });
    await paymentIs(request, 'captured');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when the payment is still pending after that', async () => {
    const { alice, request } = await redeem();
    await paymentIs(request, 'pending');
    expect(await env.ended(request)).toMatchObject({ reason: 'payment-timed-out' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('asks a person when the payment system does not answer, and goes on when the payment is known', async () => {
    const { alice, request } = await redeem({ paymentDeadlineMs: 60_000 });
    await env.sandbox.fault({
      service: 'payment',
      call: 'status',
      fault: 'error-before-commit',
      times: 1_000,
    });
    // Minute by minute: skipped at once, all of it may pass before the run has asked at all.
    for (let minute = 0; minute < 30; minute += 1) {
      const { status } = await env.client.status(request);
      if (status === 'needs-attention') break;
      await env.server.sleep('1m');
    }
    const view = await env.until(request, 'needs-attention');
    expect(view).toMatchObject({ reason: 'payment-unknown', granted: false });
    expect(await moved(alice)).toEqual([-200]);
    await env.client.capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives the points back when fulfilment does not answer within its limit', async () => {
    const { alice, request } = await redeem();
    await env.sandbox.fault({
      service: 'fulfilment',
      call: 'fulfil',
      fault: 'error-after-commit',
      times: 1_000,
    });
    await env.client.capture(request);
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'fulfilment-failed',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });
});

describe('deduct by', () => {
  it('is final: a redemption that no worker took up in time deducts nothing when one comes', async () => {
    await env.stopWorker();
    const alice = await env.sandbox.member('coffee-club', 1_000);
    const request = env.request(alice, { deductByMs: 1_000 });
    expect(await env.client.redeem(request)).toMatchObject({
      granted: false,
      reason: 'too-late',
    });
    await env.startWorker();
    expect(await env.ended(request)).toMatchObject({
      status: 'declined',
      reason: 'voided',
      granted: false,
    });
    expect(await moved(alice)).toEqual([]);
  });
});
