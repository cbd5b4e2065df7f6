/** What becomes of a sale after its end: a void that comes after completion, and a capture that comes too late. */
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import type { Member } from '../../support/sandbox.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, moved, fulfilmentOf } = env;

const resolve = (
  { program, redemptionId }: RedemptionRequest,
  resolution: 'accept' | 'deduct-again',
) => env.client.resolve({ program, redemptionId }, { ...ACT, resolution });

async function references(member: Member): Promise<string[]> {
  const { movements } = await env.sandbox.ledger(member);
  return movements.filter(({ kind }) => kind === 'deduct').map(({ reference }) => reference);
}

describe.each(bothPrograms)('a void after completion, at %s,', (program) => {
  async function completed() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await capture(request);
    await env.ended(request);
    expect(await fulfilmentOf(request)).toBe('fulfilled');
    return { alice, request };
  }

  it('is one reversal, however often it comes, at once or one after the other', async () => {
    const { alice, request } = await completed();
    await Promise.all([voidSale(request), voidSale(request), voidSale(request)]);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    await voidSale(request);
    expect(await status(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await fulfilmentOf(request)).toBe('cancelled');
  });

  it.each([
    'cut-before-commit',
    'cut-after-commit',
    'error-before-commit',
    'error-after-commit',
    'unreadable-after-commit',
  ] as const)("gives back exactly once when the provider's answer is lost (%s)", async (fault) => {
    const { alice, request } = await completed();
    await atProvider(program, 'restore', fault);
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await fulfilmentOf(request)).toBe('cancelled');
  });

  it('tells the whole story in one timeline', async () => {
    const { request } = await completed();
    await voidSale(request);
    const { timeline } = await env.ended(request);
    const told = timeline.map(({ what }) => what).join('\n');
    for (const step of ['completed', 'fulfilment cancelled', 'given back', 'compensated'])
      expect(told).toContain(step);
  });
});

describe.each(bothPrograms)('a capture after the points went back, at %s,', (program) => {
  const LATE = { status: 'needs-attention', reason: 'late-capture', granted: false } as const;

  async function timedOut() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { paymentDeadlineMs: 1_000 });
    await redeem(request);
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'payment-timed-out',
    });
    return { alice, request };
  }

  async function late() {
    const { alice, request } = await timedOut();
    await capture(request);
    await env.until(request, 'needs-attention');
    return { alice, request };
  }

  it('waits for a person, once however often it comes', async () => {
    const { alice, request } = await timedOut();
    await Promise.all([capture(request), capture(request), capture(request)]);
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      ...LATE,
      acts: ['deduct-again', 'accept'],
    });
    // A batch that tries everything again must not take points again.
    await expect(env.client.retry(request, ACT)).rejects.toMatchObject({ code: 'refused' });
    await env.temporal.workflow
      .getHandle(`case:${program}:${request.redemptionId}`)
      .signal('retry', ACT);
    expect(await status(request)).toMatchObject({ status: 'needs-attention' });
    await resolve(request, 'accept');
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      granted: false,
    });
    await capture(request);
    expect(await status(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('takes the points again exactly once when a person says so, and a void gives those back', async () => {
    const { alice, request } = await late();
    await resolve(request, 'deduct-again');
    const view = await env.ended(request);
    expect(view).toMatchObject({ status: 'completed', granted: true });
    expect(await moved(alice)).toEqual([-200, 200, -200]);
    expect(await fulfilmentOf(request)).toBe('fulfilled');
    const [first, second] = await references(alice);
    expect(second).not.toBe(first);
    expect(view.providerReference).toBe(second);
    await capture(request);
    expect(await status(request)).toMatchObject({ status: 'completed' });

    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    await voidSale(request);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('takes again and gives back exactly once also when every answer is lost', async () => {
    const { alice, request } = await late();
    await atProvider(program, 'deduct', 'cut-after-commit');
    await resolve(request, 'deduct-again');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200, 200, -200]);
    await atProvider(program, 'restore', 'cut-before-commit');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('gives back what is being taken again when the payment is voided meanwhile', async () => {
    const { alice, request } = await late();
    await atProvider(program, 'deduct', 'slow', { delayMs: 1_000 });
    await resolve(request, 'deduct-again');
    await env.until(request, 'deducting');
    await voidSale(request);
    const view = await env.ended(request);
    expect(view).toMatchObject({ status: 'compensated', granted: false });
    // What the points bought was never given, and so had not to be taken back.
    expect(view.timeline.map(({ what }) => what)).not.toContain('fulfilling');
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('goes on waiting when the points cannot be taken again', async () => {
    const { alice, request } = await late();
    await env.sandbox.spend(alice, 900);
    await resolve(request, 'deduct-again');
    const view = await env.until(request, 'needs-attention');
    expect(view).toMatchObject(LATE);
    expect(view.message).toMatch(/could not be taken again/);
    await resolve(request, 'accept');
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200, -900]);
  });

  it('is nobody’s concern any more when that payment is voided after all', async () => {
    const { alice, request } = await late();
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('stays a matter for a person when another payment than that one is voided', async () => {
    const { alice, request } = await timedOut();
    await capture(request, { paymentId: 'pay-2' });
    await env.until(request, 'needs-attention');
    await voidSale(request, { paymentId: 'pay-1' });
    expect(await status(request)).toMatchObject(LATE);
    await resolve(request, 'deduct-again');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200, 200, -200]);
  });

  it('stays a matter for a person when only a part of that payment is refunded', async () => {
    const { alice, request } = await timedOut();
    const { currency } = request.basket;
    const paid = { paymentId: 'pay-1', amount: { amount: '15.00', currency } };
    const part = { paymentId: 'pay-1', amount: { amount: '5.00', currency } };
    await capture(request, paid);
    await env.until(request, 'needs-attention');
    await voidSale(request, part);
    expect(await status(request)).toMatchObject(LATE);
    await resolve(request, 'deduct-again');
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, part);
    expect(await status(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, paid);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });

  it('changes nothing when it is the payment that was voided', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await voidSale(request, { paymentId: 'pay-1' });
    await env.ended(request);
    await capture(request, { paymentId: 'pay-1' });
    expect(await status(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits for a person when it is another payment than the one that was voided', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await voidSale(request, { paymentId: 'pay-1' });
    await env.ended(request);
    await capture(request, { paymentId: 'pay-2' });
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    await resolve(request, 'accept');
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits for a person when it comes while they are on their way', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await atProvider(program, 'restore', 'slow', { delayMs: 1_500 });
    await env.handle(request).cancel();
    await env.until(request, 'compensating');
    await capture(request);
    expect(await env.until(request, 'needs-attention')).toMatchObject(LATE);
    expect(await moved(alice)).toEqual([-200, 200]);
    await resolve(request, 'accept');
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });
});

it('points that were taken again and land late are watched for on their own', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, {
    program: 'coffee-club-watched',
    paymentDeadlineMs: 1_000,
  });
  await redeem(request);
  await env.ended(request);
  await capture(request);
  await env.until(request, 'needs-attention');
  // Longer than the provider is given to answer and than it is looked for.
  await atProvider('coffee-club', 'deduct', 'slow', { delayMs: 12_000 });
  await resolve(request, 'deduct-again');
  await env.until(request, 'needs-attention');
  const again = { ...request, redemptionId: `${request.redemptionId}~1` };
  expect(await env.until(again, 'compensated')).toMatchObject({ reason: 'late-deduction' });
  await resolve(request, 'accept');
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
  expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
});
