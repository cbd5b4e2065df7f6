import { describe, expect, it } from 'vitest';
import { openSandbox, type TestSandbox } from './support.ts';

const order = {
  points: 500,
  discount: { amount: '5.00', currency: 'GBP' },
  store: 'store-1',
  till: 'till-1',
};
const path = '/fulfilments/coffee-club/sale-1';

const fulfil = (sandbox: TestSandbox, body: unknown = order) =>
  sandbox.signed('fulfilment', 'PUT', path, {
    body,
    headers: { 'idempotency-key': 'coffee-club:sale-1:fulfil' },
  });
const cancel = (sandbox: TestSandbox) =>
  sandbox.signed('fulfilment', 'DELETE', path, {
    headers: { 'idempotency-key': 'coffee-club:sale-1:cancel' },
  });

describe('the payment system in the sandbox', () => {
  it('says what it was told to say, and 404 before', async () => {
    const sandbox = await openSandbox();
    const ask = () => sandbox.signed('payment', 'GET', '/payments/coffee-club/sale-1');
    expect(await ask()).toMatchObject({ status: 404 });
    const state = { status: 'captured', paymentId: 'pay-1', amount: '15.00', currency: 'GBP' };
    await sandbox.control('PUT', '/payments/coffee-club/sale-1', state);
    expect(await ask()).toMatchObject({ status: 200, body: state });
    expect((await sandbox.ledger()).violations).toEqual([]);
  });

  it.each([
    ['without a signature', { headers: { 'x-signature': '' } }],
    [
      'with the signature of something else',
      { headers: { 'x-signature': `v1=${'0'.repeat(64)}` } },
    ],
    ['with a timestamp from too long ago', { timestamp: Math.floor(Date.now() / 1_000) - 400 }],
    ['with a timestamp from too far ahead', { timestamp: Math.floor(Date.now() / 1_000) + 400 }],
  ])('refuses and counts a request %s', async (_how, sent) => {
    const sandbox = await openSandbox();
    const answer = await sandbox.signed('payment', 'GET', '/payments/coffee-club/sale-1', sent);
    expect(answer).toMatchObject({ status: 401 });
    expect((await sandbox.ledger()).violations).toMatchObject([{ service: 'payment' }]);
  });
});

describe('the fulfilment service in the sandbox', () => {
  it('gives an order once, however often it is asked, and takes it back', async () => {
    const sandbox = await openSandbox();
    const first = await fulfil(sandbox);
    expect(first).toMatchObject({ status: 201, body: { reference: expect.any(String) } });
    expect(await fulfil(sandbox)).toMatchObject({ status: 200, body: first.body });
    expect((await sandbox.ledger()).fulfilments).toMatchObject([{ state: 'fulfilled', times: 1 }]);
    expect(await cancel(sandbox)).toMatchObject({ status: 200 });
    expect(await cancel(sandbox)).toMatchObject({ status: 200 });
    expect(await fulfil(sandbox)).toMatchObject({ status: 410 });
    expect(await sandbox.ledger()).toMatchObject({
      fulfilments: [{ redemptionId: 'sale-1', state: 'cancelled', times: 1 }],
      violations: [],
    });
  });

  it('remembers a cancellation that came first', async () => {
    const sandbox = await openSandbox();
    expect(await cancel(sandbox)).toMatchObject({ status: 404 });
    expect(await cancel(sandbox)).toMatchObject({ status: 200 });
    expect(await fulfil(sandbox)).toMatchObject({ status: 410 });
    expect((await sandbox.ledger()).fulfilments).toMatchObject([{ state: 'cancelled', times: 0 }]);
  });

  it('is still working as often as it is told to be', async () => {
    const sandbox = await openSandbox();
    await sandbox.control('POST', '/switches', { fulfilmentPendingCount: 2 });
    expect((await fulfil(sandbox)).status).toBe(202);
    expect((await sandbox.ledger()).fulfilments).toMatchObject([{ state: 'pending', times: 0 }]);
    expect((await fulfil(sandbox)).status).toBe(202);
    expect((await fulfil(sandbox)).status).toBe(201);
  });

  it('refuses and counts another order under the same key', async () => {
    const sandbox = await openSandbox();
    await fulfil(sandbox);
    const same = { till: 'till-1', store: 'store-1', discount: order.discount, points: 500 };
    expect((await fulfil(sandbox, same)).status).toBe(200);
    expect((await fulfil(sandbox, { ...order, points: 501 })).status).toBe(409);
    expect((await sandbox.ledger()).violations).toHaveLength(1);
  });

  it.each([
    ['a wrong key', order, 'coffee-club:sale-2:fulfil'],
    ['the key of the cancellation', order, 'coffee-club:sale-1:cancel'],
    ['an order without a till', { ...order, till: undefined }, 'coffee-club:sale-1:fulfil'],
    ['an unknown field', { ...order, member: 'x' }, 'coffee-club:sale-1:fulfil'],
  ])('refuses and counts %s', async (_what, body, key) => {
    const sandbox = await openSandbox();
    const headers = { 'idempotency-key': key };
    const answer = await sandbox.signed('fulfilment', 'PUT', path, { body, headers });
    expect(answer).toMatchObject({ status: 400, body: { message: expect.any(String) } });
    const { violations, fulfilments } = await sandbox.ledger();
    expect(violations).toMatchObject([{ service: 'fulfilment' }]);
    expect(fulfilments).toEqual([]);
  });
});
