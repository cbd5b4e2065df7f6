/** A capture of the whole basket shows that the customer had no discount. */
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, moved, fulfilmentOf } = env;

const resolve = (
  { program, redemptionId }: RedemptionRequest,
  resolution: 'accept' | 'deduct-again',
) => env.client.resolve({ program, redemptionId }, { ...ACT, resolution });

describe.each(bothPrograms)('a capture of the whole basket, at %s,', (program) => {
  async function paidInFull() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await capture(request, { amount: request.basket });
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'discount-not-applied',
      granted: false,
    });
    expect(await moved(alice)).toEqual([-200]);
    return { alice, request };
  }

  it('completes when a person says that the discount was given', async () => {
    const { alice, request } = await paidInFull();
    await resolve(request, 'accept');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    expect(await fulfilmentOf(request)).toBe('fulfilled');
  });

  it('gives the points back when the sale is voided', async () => {
    const { alice, request } = await paidInFull();
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('shows nothing once it was voided and another payment stands', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.atProvider(program, 'deduct', 'slow', { delayMs: 1_000 });
    const answer = redeem(request);
    await env.until(request, 'deducting');
    const less = { ...request.basket, amount: '198.00' };
    await capture(request, { paymentId: 'pay-B', amount: less });
    await capture(request, { paymentId: 'pay-A', amount: request.basket });
    await voidSale(request, { paymentId: 'pay-A' });
    await answer;
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('is asked about before a late capture takes the points again', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { paymentDeadlineMs: 1_000 });
    await redeem(request);
    await env.ended(request);
    await capture(request, { paymentId: 'pay-1', amount: request.basket });
    await env.until(request, 'needs-attention');
    await resolve(request, 'deduct-again');
    expect(await env.status(request)).toMatchObject({
      status: 'needs-attention',
      reason: 'discount-not-applied',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
    await resolve(request, 'accept');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200, 200, -200]);
  });

  it('closes a late capture that asks about it, when it is voided', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { paymentDeadlineMs: 1_000 });
    await redeem(request);
    await env.ended(request);
    await capture(request, { paymentId: 'pay-1', amount: request.basket });
    await env.until(request, 'needs-attention');
    await resolve(request, 'deduct-again');
    await voidSale(request, { paymentId: 'pay-1' });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is none when it is more than the basket, because the customer may have left a tip', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await capture(request, { amount: { ...request.basket, amount: '201.00' } });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('is none when the discount was taken off', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await capture(request, { amount: { ...request.basket, amount: '198.00' } });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });
});
