/** What goes wrong at the providers and services, and what becomes of the points. */
import { describe, expect, it } from 'vitest';
import { lookUpOf } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, atProvider, atFulfilment, moved, abandon } = env;

describe.each(bothPrograms)('when things go wrong, a redemption of %s', (program) => {
  const member = () => env.sandbox.member(program, 1_000);

  it('sends the deduction again after an answer that says it was not carried out', async () => {
    const alice = await member();
    await atProvider(program, 'deduct', 'too-many-requests');
    expect(await redeem(env.request(alice))).toMatchObject({ granted: true });
    expect(await moved(alice)).toEqual([-200]);
  });

  it.each(['balance', 'deduct'] as const)(
    'is declined as provider-failed when the provider takes no %s call until its deadline',
    async (call) => {
      const alice = await member();
      await atProvider(program, call, 'too-many-requests', { times: 50 });
      const request = env.request(alice, { deductByMs: 3_000 });
      expect(await redeem(request)).toMatchObject({
        status: 'declined',
        reason: 'provider-failed',
        granted: false,
      });
      expect(await moved(alice)).toEqual([]);
    },
  );

  it.each([
    'error-before-commit',
    'error-after-commit',
    'cut-before-commit',
    'cut-after-commit',
  ] as const)('gives back exactly once when the answer to that is lost (%s)', async (fault) => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atProvider(program, 'restore', fault);
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is given back when the look-up for a lost restoration is refused', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atProvider(program, 'restore', 'cut-after-commit');
    await atProvider(program, lookUpOf(program), 'refuse');
    await voidSale(request);
    expect(await env.until(request, 'compensated')).toMatchObject({ granted: false });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits for an operator when the provider refuses to give back', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atProvider(program, 'restore', 'refuse');
    await voidSale(request);
    const view = await env.until(request, 'needs-attention');
    expect(view).toMatchObject({ reason: 'restoration-refused', granted: false });
    expect(view.message).toMatch(/give them back at the provider/);
    await abandon(request);
  });

  it('asks again while fulfilment is pending or its answer is lost', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'pending');
    await atFulfilment('fulfil', 'cut-after-commit');
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('keeps the points when the fulfilment cannot be taken back, and waits for an operator', async () => {
    const alice = await member();
    const request = env.request(alice);
    await redeem(request);
    await atFulfilment('fulfil', 'slow', { delayMs: 700 });
    await atFulfilment('cancel', 'refuse');
    await capture(request);
    await env.until(request, 'fulfilling');
    await voidSale(request);
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'cancellation-refused',
    });
    expect(await moved(alice)).toEqual([-200]);
    await abandon(request);
  });
});

describe('at a provider that accepts first and moves the points later', () => {
  const program = 'coffee-club';

  it('a redemption waits for a late reaction, and is granted only then', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    await atProvider(program, 'deduct', 'late-reaction', { delayMs: 600 });
    expect(await redeem(env.request(alice))).toMatchObject({ granted: true });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('the points are given back when another channel spent them in between', async () => {
    const alice = await env.sandbox.member(program, 250);
    const request = env.request(alice);
    await atProvider(program, 'deduct', 'slow', { delayMs: 700 });
    const answer = redeem(request);
    await env.sandbox.struck();
    await env.sandbox.spend(alice, 100);
    expect(await answer).toMatchObject({ granted: false, reason: 'overspent' });
    expect(await env.ended(request)).toMatchObject({ reason: 'overspent' });
    expect(await moved(alice)).toEqual([-100, -200, 200]);
  });
});

it('a balance that takes longer than the till waits fails no workflow task', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { deductByMs: 1_000 });
  await env.atProvider('coffee-club', 'balance', 'slow', { delayMs: 1_500, times: 10 });
  expect(await env.redeem(request)).toMatchObject({ granted: false });
  expect(await env.ended(request)).toMatchObject({ status: 'declined' });
  const { events = [] } = await env.handle(request).fetchHistory();
  expect((events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  expect(await env.moved(alice)).toEqual([]);
});
