/** A refund of a part gives nothing back, however it is told; a refund of all does. */
import { expect, it } from 'vitest';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { capture, voidSale, moved } = env;
const GBP = (amount: string) => ({ amount, currency: 'GBP' });

async function granted() {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  return { alice, request };
}

/** What is reported meanwhile is decided on before the sale ends. */
async function slowlyFulfilled() {
  const sale = await granted();
  await env.atFulfilment('fulfil', 'slow', { delayMs: 1_000 });
  return sale;
}

it('that is told before its capture waits for it', async () => {
  const { alice, request } = await granted();
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('5.00') });
  expect(await env.status(request)).toMatchObject({ status: 'awaiting-payment', granted: true });
  await capture(request, { paymentId: 'pay-1', amount: GBP('198.00') });
  expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('193.00') });
  expect(await env.ended(request)).toMatchObject(VOIDED);
  expect(await moved(alice)).toEqual([-200, 200]);
});

it('of everything, told before its capture, gives the points back', async () => {
  const { alice, request } = await granted();
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('198.00') });
  await capture(request, { paymentId: 'pay-1', amount: GBP('198.00') });
  expect(await env.ended(request)).toMatchObject(VOIDED);
  expect(await moved(alice)).toEqual([-200, 200]);
});

it('of a payment whose capture named its amount and not its id gives nothing back', async () => {
  const { alice, request } = await slowlyFulfilled();
  await capture(request, { amount: GBP('198.00') });
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('5.00') });
  expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  expect(await moved(alice)).toEqual([-200]);
});

it('of a payment that was captured in two parts gives nothing back before the second', async () => {
  const { alice, request } = await slowlyFulfilled();
  await capture(request, { paymentId: 'pay-1', amount: GBP('100.00') });
  await capture(request, { paymentId: 'pay-1', amount: GBP('98.00') });
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('100.00') });
  expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  expect(await moved(alice)).toEqual([-200]);
  await voidSale(request, { paymentId: 'pay-1', amount: GBP('98.00') });
  expect(await env.ended(request)).toMatchObject(VOIDED);
});

it('of one of two payments that does not say which gives nothing back', async () => {
  const { alice, request } = await slowlyFulfilled();
  await capture(request, { paymentId: 'pay-1', amount: GBP('100.00') });
  await capture(request, { paymentId: 'pay-2', amount: GBP('98.00') });
  await voidSale(request, { amount: GBP('100.00') });
  expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  expect(await moved(alice)).toEqual([-200]);
});
