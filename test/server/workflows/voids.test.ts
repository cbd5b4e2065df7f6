/** A void wins at any time: every position that it can come in, and the points are back exactly once. */
import { describe, expect, it } from 'vitest';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, atFulfilment, moved, fulfilmentOf } = env;

describe.each(bothPrograms)('a void of a sale of %s', (program) => {
  const member = () => env.sandbox.member(program, 1_000);

  it('declines before the deduction', async () => {
    const alice = await member();
    const request = env.request(alice);
    await atProvider(program, 'balance', 'slow', { delayMs: 1_500, times: 2 });
    const answer = redeem(request);
    await env.until(request, 'checking-balance');
    await voidSale(request);
    expect(await answer).toMatchObject({ status: 'declined', reason: 'voided', granted: false });
    expect(await moved(alice)).toEqual([]);
  });

  it('lets the deduction settle that is under way, and gives back', async () => {
    const alice = await member();
    const request = env.request(alice);
    await atProvider(program, 'deduct', 'slow', { delayMs: 1_000 });
    const answer = redeem(request);
    await env.until(request, 'deducting');
    await voidSale(request);
    expect(await answer).toMatchObject({ granted: false, reason: 'payment-voided' });
    const view = await env.ended(request);
    expect(view).toMatchObject(VOIDED);
    // Not even for a moment was it granted.
    expect(view.timeline.map(({ what }) => what)).not.toContain('awaiting-payment');
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('gives back while the sale waits for its payment', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await voidSale(request, { reason: 'the customer left' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('lets the fulfilment settle that is under way, cancels it, and gives back', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'slow', { delayMs: 1_000 });
    await capture(request);
    await env.until(request, 'fulfilling');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await fulfilmentOf(request)).toBe('cancelled');
  });

  it('wins over a fulfilment that is refused meanwhile', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'pending');
    await atFulfilment('fulfil', 'refuse');
    await capture(request);
    await env.until(request, 'fulfilling');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'payment-voided',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('reverses a completed sale, once however often it comes', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await capture(request);
    await env.ended(request);
    for (const eventId of ['void-1', 'void-1', 'void-2']) await voidSale(request, { eventId });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    await capture(request);
    expect(await status(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await fulfilmentOf(request)).toBe('cancelled');
  });

  it('is harmless when it is repeated, also after the end', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    for (const eventId of ['void-1', 'void-1', 'void-2']) await voidSale(request, { eventId });
    await env.ended(request);
    await voidSale(request, { eventId: 'void-3' });
    expect(await status(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('counts when the same payment was captured, in either order', async () => {
    const alice = await member();
    const request = env.request(alice);
    await atProvider(program, 'deduct', 'slow', { delayMs: 500 });
    const answer = redeem(request);
    await env.until(request, 'deducting');
    await voidSale(request, { paymentId: 'pay-1' });
    await capture(request, { paymentId: 'pay-1' });
    expect(await answer).toMatchObject({ granted: false, reason: 'payment-voided' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is only recorded when it cancels one of several payment attempts', async () => {
    const alice = await member();
    const request = env.request(alice, { program: `${program}-limited` });
    await redeem(request);
    await voidSale(request, { paymentId: 'first' });
    expect(await status(request)).toMatchObject({ granted: true });
    await capture(request, { paymentId: 'second' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  });

  it.each(['before the end', 'after it'])(
    'is none when another payment attempt is voided than the one that was captured, %s',
    async (when) => {
      const { alice, request } = await fulfilling();
      await capture(request, { paymentId: 'pay-Y' });
      if (when === 'after it') await env.ended(request);
      await voidSale(request, { paymentId: 'pay-X' });
      expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
      expect(await moved(alice)).toEqual([-200]);
      expect(await fulfilmentOf(request)).not.toBe('cancelled');
      // The one that was captured, or the sale as a whole, still gives everything back.
      await voidSale(request, program === 'coffee-club' ? { paymentId: 'pay-Y' } : {});
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    },
  );

  it('is none after the end when one of two captured payments still stands', async () => {
    const { alice, request } = await fulfilling();
    await capture(request, { paymentId: 'pay-Y' });
    await capture(request, { paymentId: 'pay-Z' });
    await env.ended(request);
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('counts after the end when the other of two captured payments was voided before', async () => {
    const { alice, request } = await fulfilling();
    await capture(request, { paymentId: 'pay-Y' });
    await capture(request, { paymentId: 'pay-Z' });
    await voidSale(request, { paymentId: 'pay-Y' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, { paymentId: 'pay-Z' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('counts when the capture named no payment, because it may be the one', async () => {
    const { alice, request } = await fulfilling();
    await capture(request);
    await env.ended(request);
    await voidSale(request, { paymentId: 'pay-X' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is none when a part of the payment is refunded, before the end and after it', async () => {
    const { alice, request } = await fulfilling();
    const { currency } = request.basket;
    const paid = { paymentId: 'pay-1', amount: { amount: '15.00', currency } };
    const part = { paymentId: 'pay-1', amount: { amount: '5.00', currency } };
    await capture(request, paid);
    await voidSale(request, part);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, part);
    expect(await status(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    await voidSale(request, paid);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  /** Whose fulfilment takes a while, so that there is time before the end. */
  async function fulfilling() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'slow', { delayMs: 700 });
    return { alice, request };
  }
});

describe.each(bothPrograms)('a cancellation in Temporal of a sale of %s', (program) => {
  it('gives back what was deducted', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await env.handle(request).cancel();
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'cancelled',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('declines, and answers the till, when nothing was deducted yet', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await atProvider(program, 'balance', 'slow', { delayMs: 1_500, times: 2 });
    const answer = redeem(request);
    await env.until(request, 'checking-balance');
    await env.handle(request).cancel();
    expect(await answer).toMatchObject({ status: 'declined', reason: 'cancelled' });
    expect(await moved(alice)).toEqual([]);
  });
});
