import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type Ask, type Gateway } from '../../support/gateway/gateway.ts';
import { head, sendRaw } from '../../support/gateway/raw.ts';
import { closedShop } from '../../support/gateway/unreachable-temporal.ts';

// Temporal is out of reach: had anything been started, the answer would be a 503.
const shop = closedShop();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(shop);
});
afterAll(async () => {
  await gateway.close();
});

const MEMBER = 'ada.lovelace@example.com';
afterEach(() => expectNoMemberIn(gateway.takeLog()));

function expectNoMemberIn(log: string): void {
  expect(log).not.toContain('lovelace');
}

const money = (amount: string, currency = 'GBP') => ({ amount, currency });
const sale = {
  program: 'coffee-club',
  redemptionId: 'R-1',
  member: MEMBER,
  points: 200,
  basket: money('20.00'),
  store: 'S1',
  till: 'T1',
};
const redeem = (body: unknown, ask: Ask = {}) => gateway.post('/v1/redemptions', body, ask);

function expectProblem(
  answer: { status: number; headers: Headers; body: Record<string, unknown> },
  status: number,
  kind: string,
  field?: string,
): void {
  expect({ kind: answer.body['type'], status: answer.status, field: answer.body['field'] }).toEqual(
    {
      kind: `urn:points-redemption:problem:${kind}`,
      status,
      field,
    },
  );
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    title: expect.any(String),
    remedy: expect.any(String),
  });
}

describe('a redemption that is not valid is refused, naming the field', () => {
  it.each([
    ['an unknown field', { [MEMBER]: 1 }, MEMBER],
    ['a deadline that belongs into a header', { deductByMs: 5_000 }, 'deductByMs'],
    ['no member', { member: undefined }, 'member'],
    ['an empty member', { member: ' ' }, 'member'],
    ['a member with a line break', { member: 'ada\nlovelace' }, 'member'],
    ['a member that is too long', { member: 'ada'.repeat(50) }, 'member'],
    ['points and an amount', { amount: money('2.00') }, 'points'],
    ['neither points nor an amount', { points: undefined }, 'points'],
    ['no points', { points: 0 }, 'points'],
    ['half a point', { points: 1.5 }, 'points'],
    ['points in words', { points: '200' }, 'points'],
    ['points beyond all bounds', { points: 1e300 }, 'points'],
    ['an amount that is a number', { points: undefined, amount: 2 }, 'amount'],
    ['an amount of nothing', { points: undefined, amount: money('0.00') }, 'amount'],
    ['an amount above the basket', { points: undefined, amount: money('20.01') }, 'basket'],
    ['a basket in another currency', { basket: money('20.00', 'USD') }, 'basket'],
    ['a basket with too many decimals', { basket: money('20.001') }, 'basket'],
    ['a basket that is negative', { basket: money('-20.00') }, 'basket.amount'],
    ['money with another field', { basket: { ...money('20.00'), tax: 1 } }, 'basket.tax'],
    ['a store with a slash', { store: 'S/1' }, 'store'],
    ['a redemptionId that is too long', { redemptionId: 'R'.repeat(65) }, 'redemptionId'],
    ['a program that is not configured', { program: 'tea-club' }, 'program'],
    ['a time without its zone', { saleTime: '2026-01-01T12:00:00' }, 'saleTime'],
    ['a payment deadline in no unit', { paymentDeadline: '15' }, 'paymentDeadline'],
    ['a payment deadline that is too long', { paymentDeadline: '31d' }, 'paymentDeadline'],
    ['a field that is null', { till: null }, 'till'],
  ])('%s', async (_what, change, field) => {
    expectProblem(await redeem({ ...sale, ...change }), 422, 'invalid-request', field);
  });

  it.each([
    ['an Idempotency-Key of another sale', { 'idempotency-key': 'R-2' }, 'Idempotency-Key'],
    ['a wait of nothing', { prefer: 'wait=0' }, 'Prefer'],
    ['a wait that is too long', { prefer: 'respond-async, wait=601' }, 'Prefer'],
    ['a wait in words', { prefer: 'wait=soon' }, 'Prefer'],
  ])('%s', async (_what, headers, field) => {
    expectProblem(await redeem(sale, { headers }), 422, 'invalid-request', field);
  });

  it.each(['/v1/quotes', '/v1/redemptions', '/v1/redemptions/coffee-club/R-1/void'])(
    'a body that is no object, at %s',
    async (path) => {
      for (const body of ['[]', '5', '"lovelace"', 'null'])
        expectProblem(await gateway.post(path, body), 422, 'invalid-request', 'body');
    },
  );

  it('a payment report that is not valid', async () => {
    const path = '/v1/redemptions/coffee-club/R-1/capture';
    const report = (body: unknown) => gateway.post(path, body);
    expectProblem(await report({ event: 'e-1' }), 422, 'invalid-request', 'event');
    expectProblem(await report({ eventId: '' }), 422, 'invalid-request', 'eventId');
    expectProblem(await report({ amount: money('x') }), 422, 'invalid-request', 'amount.amount');
    expectProblem(await report({ occurredAt: 'today' }), 422, 'invalid-request', 'occurredAt');
  });
});

describe('a body that cannot be read is refused', () => {
  const bytes = (...parts: (string | number[])[]) =>
    new Uint8Array(
      Buffer.concat(
        parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))),
      ),
    );
  it.each([
    ['nothing', ''],
    ['half an object', '{"program":"coffee-club"'],
    ['bytes that are not UTF-8', bytes('{"member":"lovelace', [0xc3, 0x28], '"}')],
    ['half a character', bytes('{"member":"lovelace"}', [0xe2, 0x82])],
    ['a __proto__', '{"__proto__":{"granted":true}}'],
    ['a constructor', '{"constructor":{"prototype":{"granted":true}}}'],
    ['depth that is not closed', '['.repeat(60_000)],
  ])('%s', async (_what, body) => {
    expectProblem(await redeem(body), 400, 'malformed-request');
  });

  it('depth that is closed', async () => {
    const deep = `{"member":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expectProblem(await redeem(deep), 422, 'invalid-request', 'program');
  });

  it('more than 64 KiB, also of ten megabytes and without its length', async () => {
    for (const length of [65_537, 10_000_000])
      expectProblem(await redeem('x'.repeat(length)), 413, 'too-large');
    const endless = `${head('POST /v1/redemptions HTTP/1.1', {
      Authorization: `Bearer ${gateway.key}`,
      'Content-Type': 'application/json',
      'Transfer-Encoding': 'chunked',
    })}20000\r\n${'x'.repeat(0x20000)}\r\n`;
    expectProblem(await sendRaw(gateway.origin, endless), 413, 'too-large');
  });

  it('another media type, or none', async () => {
    for (const type of ['application/xml', 'text/plain', 'application/x-www-form-urlencoded', 'x'])
      expectProblem(
        await redeem('<a/>', { headers: { 'content-type': type } }),
        415,
        'unsupported-media-type',
      );
  });
});

describe('a request that fits no route is refused', () => {
  it('an unknown path', async () => {
    for (const path of ['/', '/v1', '/v1/quotes/', '/v1/redemptions/coffee-club', `/${MEMBER}`])
      expectProblem(await gateway.get(path), 404, 'not-found');
  });

  it('an id that is none', async () => {
    for (const id of [MEMBER, 'R'.repeat(65), 'R'.repeat(5_000), '%20', '..%2f'])
      expectProblem(
        await gateway.get(`/v1/redemptions/coffee-club/${id}`),
        422,
        'invalid-request',
        'redemptionId',
      );
  });

  it('a method that the resource does not know', async () => {
    const cases = [
      ['GET', '/v1/quotes', 'POST'],
      ['DELETE', '/v1/redemptions', 'POST'],
      ['OPTIONS', '/v1/redemptions', 'POST'],
      ['PUT', '/v1/redemptions/coffee-club/R-1', 'GET, HEAD'],
      ['PROPFIND', '/v1/redemptions/coffee-club/R-1/void', 'POST'],
      ['POST', '/openapi.json', 'GET, HEAD'],
    ] as const;
    for (const [method, path, allow] of cases) {
      const answer = await sendRaw(gateway.origin, head(`${method} ${path} HTTP/1.1`, {}));
      expectProblem(answer, 405, 'method-not-allowed');
      expect(answer.headers.get('allow')).toBe(allow);
    }
  });

  it('a URL that is malformed', async () => {
    for (const path of ['/v1/redemptions/coffee-club/%zz', '/v1/%c3%28/x', '//'])
      expect([400, 404]).toContain((await gateway.get(path)).status);
    expectProblem(await gateway.get('/v1/redemptions/%zz/lovelace'), 400, 'malformed-request');
  });
});

describe('what is no decent HTTP is refused', () => {
  it('a thousand headers', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`h${n}`, 'a']));
    const answer = await sendRaw(gateway.origin, head('GET /healthz HTTP/1.1', many));
    expectProblem(answer, 431, 'headers-too-large');
  });

  it('a header beyond 16 KiB', async () => {
    const answer = await sendRaw(
      gateway.origin,
      head('GET /healthz HTTP/1.1', { member: 'lovelace'.repeat(5_000) }),
    );
    expectProblem(answer, 431, 'headers-too-large');
  });

  it('a request that does not arrive', async () => {
    const whole = head('POST /v1/redemptions HTTP/1.1', {
      Authorization: `Bearer ${gateway.key}`,
      'Content-Type': 'application/json',
      'Content-Length': 100,
    });
    const parts = ['POST', whole.slice(0, 50), whole, `${whole}{"member":"lovelace`];
    for (const answer of await Promise.all(parts.map((part) => sendRaw(gateway.origin, part))))
      expectProblem(answer, 408, 'request-timeout');
  });

  it.each([
    ['noise', 'lovelace lovelace\r\n\r\n'],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
    ['two lengths', head('POST /v1/quotes HTTP/1.1', { 'Content-Length': '5, 6' })],
    [
      'a length beside chunks',
      head('POST /v1/quotes HTTP/1.1', { 'Content-Length': 5, 'Transfer-Encoding': 'chunked' }),
    ],
    ['an unknown method', head('REDEEM /v1/quotes HTTP/1.1', {})],
  ])('%s', async (_what, text) => {
    expectProblem(await sendRaw(gateway.origin, text), 400, 'malformed-request');
  });
});

it('says that it cannot be had while Temporal is out of reach, and when to come again', async () => {
  const answers = await Promise.all([
    redeem(sale, { headers: { prefer: 'wait=1' } }),
    gateway.get('/v1/redemptions/coffee-club/R-1'),
    gateway.post('/v1/redemptions/coffee-club/R-1/void', {}),
    gateway.post('/v1/quotes', { program: 'coffee-club', member: MEMBER, points: 5 }),
  ]);
  for (const answer of answers) {
    expectProblem(answer, 503, 'unavailable');
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body).not.toHaveProperty('detail');
  }
});
