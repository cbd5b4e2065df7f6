/** What integrators need: narrow scopes, acts over HTTP, and answers that can be told apart and read out. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway, type Gateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env);
});
afterAll(() => gateway.close());

const pathOf = ({ program, redemptionId }: { program: string; redemptionId: string }) =>
  `/v1/redemptions/${program}/${redemptionId}`;

it('a key may void and not capture, or capture and not void', async () => {
  const request = env.request(await env.sandbox.member('coffee-club', 500));
  expect((await gateway.post('/v1/redemptions', request)).status).toBe(201);
  const till = gateway.newKey({ scopes: ['redeem', 'void'] });
  const psp = gateway.newKey({ scopes: ['capture'] });
  const path = pathOf(request);
  expect((await gateway.post(`${path}/capture`, {}, { key: till })).status).toBe(403);
  expect((await gateway.post(`${path}/void`, {}, { key: psp })).status).toBe(403);
  expect((await env.status(request)).status).toBe('awaiting-payment');
  expect((await gateway.post(`${path}/void`, {}, { key: till })).status).toBe(202);
  expect((await gateway.post(`${path}/capture`, {}, { key: psp })).status).toBe(202);
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
});

it('an operator retries and resolves over HTTP, and nobody else does', async () => {
  const member = await env.sandbox.member('travel-miles', 500);
  const request = env.request(member);
  await env.atFulfilment('fulfil', 'refuse');
  await env.atProvider('travel-miles', 'restore', 'refuse', { times: 2 });
  await env.redeem(request);
  const path = pathOf(request);
  const key = gateway.newKey({ scopes: ['operate'] });
  const act = { by: 'Ada', why: 'the provider is back' };
  const early = await gateway.post(`${path}/retry`, act, { key });
  expect(early).toMatchObject({
    status: 409,
    body: { type: 'urn:points-redemption:problem:refused', outcome: 'problem' },
  });
  await env.capture(request);
  await env.until(request, 'needs-attention');
  for (const body of [{}, { by: '', why: 'x' }, { ...act, extra: 1 }])
    expect((await gateway.post(`${path}/retry`, body, { key })).status).toBe(422);
  const wrong = { ...act, resolution: 'forget' };
  expect((await gateway.post(`${path}/resolve`, wrong, { key })).status).toBe(422);
  expect((await gateway.post(`${path}/retry`, act)).status).toBe(403);
  expect((await gateway.post(`${path}/resolve`, { ...act, resolution: 'restored' })).status).toBe(
    403,
  );
  const resolved = { ...act, resolution: 'deduct-again' };
  expect((await gateway.post(`${path}/resolve`, resolved, { key })).status).toBe(409);
  expect((await gateway.post(`${path}/retry`, act, { key })).status).toBe(202);
  await env.until(request, 'needs-attention');
  const last = await gateway.post(`${path}/retry`, act, { key });
  expect(last).toMatchObject({
    status: 202,
    body: { program: request.program, redemptionId: request.redemptionId },
  });
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
  expect(await env.moved(member)).toEqual([-200, 200]);
});

it('a decline and an invalid request differ in the body, and a cashier can read why', async () => {
  const member = { ...(await env.sandbox.member('coffee-club', 500)), memberId: 'nobody' };
  const request = env.request(member);
  const declined = await gateway.post('/v1/redemptions', request);
  expect(declined).toMatchObject({
    status: 422,
    body: {
      outcome: 'not-granted',
      granted: false,
      reason: 'member-unknown',
      message: 'This member is not known. Check the card or the number.',
    },
  });
  expect(declined.body).not.toHaveProperty('detail');
  expect(JSON.stringify(declined.body)).not.toContain('HTTP');
  const invalid = await gateway.post('/v1/redemptions', { ...request, points: -1 });
  expect(invalid).toMatchObject({ status: 422, body: { outcome: 'problem', field: 'points' } });

  const key = gateway.newKey({ scopes: ['operate'] });
  expect((await gateway.get(pathOf(request))).body).not.toHaveProperty('detail');
  expect((await gateway.get(pathOf(request), { key })).body).toMatchObject({
    message: 'This member is not known. Check the card or the number.',
    detail: 'wallet: HTTP 404',
  });

  const granted = env.request(await env.sandbox.member('coffee-club', 500));
  expect((await gateway.post('/v1/redemptions', granted)).body).toMatchObject({
    outcome: 'granted',
    granted: true,
  });
  await env.voidSale(granted);
  await env.ended(granted);
});
