/**
 * Forged deliveries cost the tills nothing: most are turned away before their body is read, and no other address notices. What
 * they cost in time, `npm run tills -- --attacker` tells.
 */
import { Readable } from 'node:stream';
import pMap from 'p-map';
import { request, Agent } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway, type Gateway } from '../../support/gateway/gateway.ts';
import { readSources, secrets } from '../../support/gateway/payment-events-gateway.ts';
import { standard, standardEvent } from '../../support/gateway/payment-events-senders.ts';
import { closedShop } from '../../support/gateway/unreachable-temporal.ts';

const shop = closedShop();
const REFUSALS = 60;
/** A sale for which nothing may be reported. Temporal is not there, so an attempt would be answered 503. */
const sale = { program: 'coffee-club', redemptionId: 'S1-1' };
let gateway: Gateway;
beforeAll(async () => {
  const source = {
    id: 'psp',
    kind: 'standard-webhooks',
    programs: ['coffee-club'],
    secrets: ['env:standard_OLD'],
  };
  gateway = await openGateway(shop, {
    paymentSources: readSources({ sources: [source] }, shop.programs),
    trustedProxies: ['127.0.0.1'],
    places: 1,
  });
});
const connections = new Agent({ connections: 24 });
afterAll(async () => {
  await connections.close();
  await gateway.close();
});

const path = '/v1/payment-events/psp';
/** Right in all but the signature. */
const capture = JSON.stringify(standardEvent('payment.captured', sale));
const forged = (bytes: number, address: string) => ({
  method: 'POST' as const,
  dispatcher: connections,
  headers: {
    'content-type': 'application/json',
    'x-forwarded-for': address,
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': `v1,${'A'.repeat(43)}=`,
  },
  body: capture.padEnd(bytes),
});

async function statusOf(bytes: number, address: string): Promise<number> {
  const answer = await request(gateway.origin + path, forged(bytes, address));
  await answer.body.dump();
  return answer.statusCode;
}

async function useUpRefusals(addressOf: (count: number) => string): Promise<void> {
  for (let count = 0; count < REFUSALS; count += 1)
    expect(await statusOf(1_000, addressOf(count))).toBe(400);
}

it(
  '10,000 of them are refused, none reaches a sale, and none holds a place',
  { timeout: 120_000 },
  async () => {
    const statuses = new Map<number, number>();
    const started = performance.now();
    await pMap(
      Array.from({ length: 10_000 }),
      async () => {
        const status = await statusOf(1_000, '203.0.113.7');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      },
      { concurrency: 24 },
    );
    expect(new Set(statuses.keys())).toEqual(new Set([400, 429]));
    // The budget is that of a minute, and those that were under way at the same moment may be refused beyond it.
    const minutes = 1 + Math.floor((performance.now() - started) / 60_000);
    expect(statuses.get(400)).toBeLessThanOrEqual(minutes * (REFUSALS + 24));
    expect((await gateway.get('/healthz')).status).toBe(200);
    expect(gateway.takeLog()).toContain('GATEWAY_TRUSTED_PROXIES');
    // It has the only place, so that it is not refused before Temporal is asked.
    const basket = { amount: '20.00', currency: 'GBP' };
    const asked = { ...sale, member: 'member-1', points: 1, basket, store: 'S1', till: 'T1' };
    expect(
      await gateway.post('/v1/redemptions', asked, { headers: { prefer: 'wait=1' } }),
    ).toMatchObject({ status: 503, body: { type: 'urn:points-redemption:problem:unavailable' } });
  },
);

it('an address that has used up its refusals is answered before its body is read', async () => {
  const address = '203.0.113.10';
  await useUpRefusals(() => address);
  const answer = await fetch(gateway.origin + path, {
    method: 'POST',
    headers: { 'x-forwarded-for': address, 'content-type': 'application/json' },
    // The body never ends, so only an answer that does not wait for it arrives.
    body: new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(10)) }),
    duplex: 'half',
    signal: AbortSignal.timeout(5_000),
  });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await answer.json()).toMatchObject({
    type: 'urn:points-redemption:problem:too-many-refused',
  });
});

it('another address is heard all the same, and a network of IPv6 is one address', async () => {
  const { body, headers } = standard(standardEvent('payment.failed', sale), {
    secret: secrets.standard[0],
  });
  const answer = await gateway.post(path, body, {
    key: undefined,
    headers: { ...headers, 'x-forwarded-for': '203.0.113.8' },
  });
  expect(answer.status).toBe(200);
  await useUpRefusals((count) => `2001:db8:1:2::${count}`);
  expect(await statusOf(1_000, '2001:db8:1:2:ffff::1')).toBe(429);
  expect(await statusOf(1_000, '2001:db8:1:3::1')).toBe(400);
});

it('a body above 256 KiB is not taken', async () => {
  expect(await statusOf(262_145, '203.0.113.9')).toBe(413);
});

it.each([
  ['announced', false, '203.0.113.12'],
  ['in chunks', true, '203.0.113.11'],
])(
  'bodies above 256 KiB use up the refusals of their sender: %s',
  async (_, isChunked, address) => {
    const body = 'x'.repeat(262_145);
    const oversized = async () => {
      const answer = await request(gateway.origin + path, {
        ...forged(0, address),
        // A stream has no length that could be announced.
        body: isChunked ? Readable.from([body]) : body,
      });
      await answer.body.dump();
      return answer.statusCode;
    };
    const statuses: number[] = [];
    for (let count = 0; count <= REFUSALS; count += 1) statuses.push(await oversized());
    expect(statuses).toEqual([...Array<number>(REFUSALS).fill(413), 429]);
  },
);

it('a source that does not exist is answered before the body is read', async () => {
  const answer = await gateway.post('/v1/payment-events/nobody', 'x'.repeat(300_000), {
    key: undefined,
  });
  expect(answer.status).toBe(404);
});
