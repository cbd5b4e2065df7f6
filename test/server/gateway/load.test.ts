/** A gateway that has too much to do, tills that hang up, and answers that do not come in time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type Gateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env, { places: 1 });
});
afterAll(() => gateway.close());

async function aSlowSale() {
  const member = await env.sandbox.member('coffee-club', 500);
  await env.atProvider('coffee-club', 'deduct', 'slow', { delayMs: 1_500 });
  const request = env.request(member);
  return { member, request, path: `/v1/redemptions/coffee-club/${request.redemptionId}` };
}

describe('with more redemptions under way than there are places', () => {
  it('a till is told to come again, and then is served', async () => {
    const slow = await aSlowSale();
    const headers = { prefer: 'wait=30' };
    const first = gateway.post('/v1/redemptions', slow.request, { headers });
    await env.until(slow.request, 'deducting');
    const other = env.request(await env.sandbox.member('coffee-club', 500));
    const refused = await gateway.post('/v1/redemptions', other);
    expect(refused).toMatchObject({
      status: 503,
      body: { type: 'urn:points-redemption:problem:overloaded' },
    });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await first).status).toBe(201);
    expect((await gateway.post('/v1/redemptions', other, { headers })).status).toBe(201);
    await env.voidSale(other);
    await env.voidSale(slow.request);
    await Promise.all([env.ended(other), env.ended(slow.request)]);
  });
});

it('refuses work while the event loop is behind, and is alive all the same', async () => {
  const busy = await openGateway(env, { maxEventLoopDelayMs: 1e-9 });
  try {
    await expect
      .poll(async () => (await busy.get('/readyz')).status, { timeout: 10_000 })
      .toBe(503);
    const refused = await busy.post('/v1/quotes', {});
    expect(refused.body['type']).toBe('urn:points-redemption:problem:overloaded');
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await busy.get('/healthz')).status).toBe(200);
  } finally {
    await busy.close();
  }
});

describe('a till that hangs up', () => {
  it('does not stop its redemption, and finds it when it asks again', async () => {
    const { member, request } = await aSlowSale();
    const till = new AbortController();
    const asked = gateway.post('/v1/redemptions', request, { signal: till.signal });
    await env.until(request, 'deducting');
    till.abort();
    await expect(asked).rejects.toThrow('abort');
    expect(await env.until(request, 'awaiting-payment')).toMatchObject({ granted: true });
    // Here is one place, and the work that the till has left may hold it for a moment more: a till asks again after a 503.
    await expect
      .poll(async () => (await gateway.post('/v1/redemptions', request)).status, {
        timeout: 10_000,
      })
      .toBe(200);
    expect(await env.moved(member)).toEqual([-200]);
    await env.voidSale(request);
    await env.ended(request);
  });
});

describe('a till that says how long it waits', () => {
  it('has a final answer by then, also when no worker is there', async () => {
    await env.stopWorker();
    const member = await env.sandbox.member('coffee-club', 500);
    const request = env.request(member);
    const answer = await gateway.post('/v1/redemptions', request, {
      headers: { prefer: 'wait=1' },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { granted: false, reason: 'too-late', message: expect.any(String) },
    });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    await env.startWorker();
    expect(await env.ended(request)).toMatchObject({ status: 'declined' });
    expect(await env.moved(member)).toEqual([]);
  });
});

describe('a request id', () => {
  it('goes to the answer, to the log and to the memo of the run', async () => {
    const request = env.request(await env.sandbox.member('coffee-club', 500));
    gateway.takeLog();
    const headers = { 'x-request-id': 'till-7.000123' };
    const answer = await gateway.post('/v1/redemptions', request, { headers });
    expect(answer.headers.get('x-request-id')).toBe('till-7.000123');
    const { memo } = await env.handle(request).describe();
    expect(memo).toMatchObject({ requestId: 'till-7.000123' });
    const line = gateway.takeLog();
    expect(line).toContain('"requestId":"till-7.000123"');
    expect(line).toContain(request.redemptionId);
    expect(line).not.toContain(request.member);
    await env.voidSale(request);
    await env.ended(request);
  });

  it('is made where it is missing, or holds what a log should not', async () => {
    for (const given of ['a b', 'x'.repeat(65), 'ada@example.com']) {
      const { headers } = await gateway.get('/healthz', { headers: { 'x-request-id': given } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await gateway.get('/nowhere')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('refuses other content under an id that is taken', async () => {
  const request = env.request(await env.sandbox.member('coffee-club', 500));
  const headers = { 'idempotency-key': `"${request.redemptionId}"` };
  expect((await gateway.post('/v1/redemptions', request, { headers })).status).toBe(201);
  const other = await gateway.post('/v1/redemptions', { ...request, points: 201 });
  expect(other).toMatchObject({
    status: 409,
    body: { type: 'urn:points-redemption:problem:conflict', field: 'redemptionId' },
  });
  await env.voidSale(request);
  await env.ended(request);
});

it('keeps to itself who may read it, and lets no other origin ask', async () => {
  const answer = await gateway.get('/healthz', { headers: { origin: 'https://evil.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('strict-transport-security')).toMatch(/max-age/);
});
