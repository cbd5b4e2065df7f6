/** Payments after the points went back: several of them, in every order, and each told more than once. */
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, atFulfilment, moved } = env;
const program = 'coffee-club';

const deductAgain = ({ program, redemptionId }: RedemptionRequest) =>
  env.client.resolve({ program, redemptionId }, { ...ACT, resolution: 'deduct-again' });
/** What was cancelled once is not fulfilled again, so where a case follows a reversal nothing is to be fulfilled. */
const PLAIN = { program: `${program}-plain` };
const LATE = { status: 'needs-attention', reason: 'late-capture' };
const TIMED_OUT = { status: 'compensated', reason: 'payment-timed-out' };

async function granted(overrides: Partial<RedemptionRequest> = {}) {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, overrides);
  await redeem(request);
  return { alice, request };
}

async function timedOut(overrides: Partial<RedemptionRequest> = {}) {
  const sale = await granted({ paymentDeadlineMs: 1_000, ...overrides });
  expect(await env.ended(sale.request)).toMatchObject(TIMED_OUT);
  return sale;
}

async function completed(overrides: Partial<RedemptionRequest> = {}) {
  const sale = await granted(overrides);
  await capture(sale.request, { paymentId: 'pay-Y' });
  await env.ended(sale.request);
  return sale;
}

describe('a late-capture case', () => {
  it('closes when every captured payment was voided, one of them before the case', async () => {
    const { alice, request } = await granted();
    await capture(request, { paymentId: 'pay-X' });
    await voidSale(request, { paymentId: 'pay-X' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    await capture(request, { paymentId: 'pay-Y' });
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('stays open for a second late payment when the first is voided', async () => {
    const { request } = await timedOut();
    await capture(request, { paymentId: 'pay-Y' });
    await env.until(request, 'needs-attention');
    await capture(request, { paymentId: 'pay-Z' });
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await status(request)).toMatchObject(LATE);
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(TIMED_OUT);
  });

  it('opens again for a late payment that comes after the first one was voided', async () => {
    const { alice, request } = await timedOut();
    await capture(request, { paymentId: 'pay-Y' });
    await env.until(request, 'needs-attention');
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await env.ended(request)).toMatchObject(TIMED_OUT);
    await capture(request, { paymentId: 'pay-Z' });
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    // The case that was closed can no longer be read, and what it did is still told.
    const told = (await status(request)).timeline.map(({ what }) => what);
    expect(told.filter((what) => what === 'payment voided')).toHaveLength(1);
    await deductAgain(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('takes points for each of two cases under an id of its own, and gives each back once', async () => {
    const { alice, request } = await timedOut(PLAIN);
    for (const paymentId of ['pay-Y', 'pay-Z']) {
      await capture(request, { paymentId });
      await env.until(request, 'needs-attention');
      await deductAgain(request);
      expect(await env.ended(request)).toMatchObject({ status: 'completed' });
      await Promise.all([voidSale(request, { paymentId }), voidSale(request, { paymentId })]);
      expect(await env.ended(request)).toMatchObject(VOIDED);
    }
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await moved(alice)).toEqual([-200, 200, -200, 200, -200, 200]);
  });

  it('remembers a void that came while it was open', async () => {
    const { alice, request } = await granted({ paymentDeadlineMs: 1_000 });
    await atProvider(program, 'restore', 'slow', { delayMs: 2_000 });
    await env.until(request, 'compensating');
    await capture(request, { paymentId: 'pay-Y' });
    await capture(request, { paymentId: 'pay-Z' });
    await env.until(request, 'needs-attention');
    await voidSale(request, { paymentId: 'pay-Y' });
    await deductAgain(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('does not open because the message of a known capture comes twice', async () => {
    const { alice, request } = await granted();
    await atFulfilment('fulfil', 'refuse');
    await capture(request, { eventId: 'evt-1', paymentId: 'pay-1' });
    expect(await env.ended(request)).toMatchObject({ reason: 'fulfilment-failed' });
    await capture(request, { eventId: 'evt-1', paymentId: 'pay-1' });
    expect(await status(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it.each(bothPrograms.flatMap((each) => [[each, 'pay-1'] as const, [each, undefined] as const]))(
    'does not open at %s for a capture whose void came first, both after the end (%s)',
    async (each, paymentId) => {
      const alice = await env.sandbox.member(each, 1_000);
      const request = env.request(alice, { paymentDeadlineMs: 1_000 });
      await redeem(request);
      await env.ended(request);
      await voidSale(request, paymentId === undefined ? {} : { paymentId });
      await capture(request, { paymentId: 'pay-1' });
      expect(await env.ended(request)).toMatchObject(TIMED_OUT);
      // Another payment than the one that was voided is as late as ever.
      if (paymentId === undefined) return;
      await capture(request, { paymentId: 'pay-2' });
      expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
      await voidSale(request);
      expect(await env.ended(request)).toMatchObject(TIMED_OUT);
      expect(await moved(alice)).toEqual([-200, 200]);
    },
  );
});

describe('after a reversal', () => {
  it('another payment that is captured is a late capture', async () => {
    const { alice, request } = await completed(PLAIN);
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    await capture(request, { paymentId: 'pay-Y' });
    expect(await status(request)).toMatchObject(VOIDED);
    await capture(request, { paymentId: 'pay-Z' });
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    await deductAgain(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('another payment that is captured while it runs is a late capture', async () => {
    const { request } = await completed();
    await atProvider(program, 'restore', 'slow', { delayMs: 1_500 });
    await voidSale(request, { paymentId: 'pay-Y' });
    await env.until(request, 'compensating');
    await capture(request, { paymentId: 'pay-Z' });
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
  });

  it('of the whole sale, no payment is late', async () => {
    const { request } = await completed();
    await voidSale(request);
    await env.ended(request);
    await capture(request, { paymentId: 'pay-Z' });
    expect(await status(request)).toMatchObject(VOIDED);
  });
});
