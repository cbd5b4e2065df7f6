import { describe, expect, it } from 'vitest';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, atFulfilment, moved, fulfilmentOf } = env;

describe.each(bothPrograms)('a redemption of %s', (program) => {
  const member = (points = 1_000) => env.sandbox.member(program, points);

  it('spends the points once when the sale is paid and fulfilled', async () => {
    const alice = await member();
    const request = env.request(alice);
    const answer = await redeem(request);
    expect(answer).toMatchObject({ status: 'awaiting-payment', granted: true, points: 200 });
    expect(answer.discount.amount).toBe(program === 'coffee-club' ? '2.00' : '50.00');
    expect(answer.providerReference).toBeDefined();
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await moved(alice)).toEqual([-200]);
    expect(await fulfilmentOf(request)).toBe('fulfilled');
  });

  it('takes an amount of money and rounds the points up', async () => {
    const alice = await member();
    const { points: _, ...rest } = env.request(alice);
    const amount = { amount: '1.10', currency: rest.basket.currency };
    const points = program === 'coffee-club' ? 110 : 5;
    const request = { ...rest, amount };
    expect(await redeem(request)).toMatchObject({ granted: true, points, discount: amount });
    expect(await moved(alice)).toEqual([-points]);
  });

  it('completes with the capture alone where the POS applies the discount itself', async () => {
    const alice = await member();
    const request = env.request(alice, { program: `${program}-plain` });
    await redeem(request);
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    expect(await fulfilmentOf(request)).toBeUndefined();
  });

  it('is declined when the member has too few points, and nothing is taken', async () => {
    const poor = await member(199);
    expect(await redeem(env.request(poor))).toMatchObject({
      status: 'declined',
      reason: 'insufficient-points',
      granted: false,
    });
    expect(await moved(poor)).toEqual([]);
  });

  it('is declined when the provider does not know the member', async () => {
    const nobody = { program, memberId: 'nobody', alias: 'nobody', points: 0 };
    expect(await redeem(env.request(nobody))).toMatchObject({
      status: 'declined',
      reason: 'member-unknown',
      granted: false,
    });
  });

  it.each([
    { what: 'too few points', points: 50, shareOfBasket: 0.1 },
    { what: 'no whole steps', points: 120, shareOfBasket: 0.1 },
    { what: 'too much of the basket', points: 400, shareOfBasket: 0.51 },
  ])("is declined by the program's own limits: $what", async ({ points, shareOfBasket }) => {
    const alice = await member();
    const request = env.request(alice, { program: `${program}-limited`, points });
    const worth = points * (program === 'coffee-club' ? 0.01 : 0.25);
    const basket = { ...request.basket, amount: (worth / shareOfBasket).toFixed(2) };
    expect(await redeem({ ...request, basket })).toMatchObject({
      status: 'declined',
      reason: 'limit',
    });
    expect(await moved(alice)).toEqual([]);
  });

  it('answers a repetition with the present, and other content with a conflict', async () => {
    const alice = await member();
    const request = env.request(alice);
    const [first, second] = await Promise.all([redeem(request), redeem(request)]);
    expect(second).toMatchObject({ granted: true, providerReference: first.providerReference });
    await expect(redeem({ ...request, till: 'T2' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(redeem({ ...request, points: 201 })).rejects.toMatchObject({ code: 'conflict' });
    expect(await redeem({ ...request, deductByMs: 5_000 })).toMatchObject({ granted: true });
    await voidSale(request);
    await env.ended(request);
    expect(await redeem(request)).toMatchObject({ status: 'compensated', granted: false });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('completes when the capture overtakes the deduction', async () => {
    const alice = await member();
    const request = env.request(alice);
    await atProvider(program, 'deduct', 'slow', { delayMs: 500 });
    const answer = redeem(request);
    await env.until(request, 'deducting');
    await capture(request);
    expect(await answer).toMatchObject({ granted: true });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  });

  it('gives the points back when fulfilment is refused', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'refuse');
    await capture(request);
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'fulfilment-failed',
    });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('ignores signals of a wrong shape and takes plain JSON from anybody', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    const handle = env.handle(request);
    const wrongOnes = [undefined, null, 'voided', 7, [], {}, { eventId: 4 }];
    for (const wrong of wrongOnes) await handle.signal('paymentVoided', wrong);
    expect(await status(request)).toMatchObject({ granted: true });
    await handle.signal('paymentCaptured', {
      eventId: 'evt_1',
      paymentId: 'pi_1',
      unheardOf: true,
    });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  });
});

it('is declined when the member is not active, where the provider knows of that', async () => {
  const away = await env.sandbox.member('travel-miles', 1_000, 'inactive');
  expect(await redeem(env.request(away))).toMatchObject({
    status: 'declined',
    reason: 'member-inactive',
  });
});
