import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { followAccessKeys, readAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { newKey } from '../../../src/gateway/access-keys.ts';
import { openGateway, type Answer, type Gateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env);
});
afterAll(() => gateway.close());

/** What tells one refusal from another, if anything does. */
const told = ({ status, body }: Answer) => JSON.stringify({ status, body });

async function soldIn(store: string, program: 'coffee-club' | 'travel-miles' = 'coffee-club') {
  const member = await env.sandbox.member(program, 500);
  const redemptionId = `${store}-${randomUUID().slice(0, 8)}`;
  const request = env.request(member, { store, redemptionId });
  expect((await gateway.post('/v1/redemptions', request)).status).toBe(201);
  return { request, member, path: `/v1/redemptions/${program}/${request.redemptionId}` };
}

describe('without a valid key', () => {
  it('every request is refused in the same words', async () => {
    const { path } = await soldIn('S1');
    const headers = [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${newKey().secret}` },
      { authorization: `Basic ${gateway.key}` },
      { authorization: gateway.key },
      { authorization: `Bearer ${'x'.repeat(5_000)}` },
    ];
    const answers = await Promise.all(
      headers.flatMap((given) => [
        gateway.get(path, { key: undefined, headers: given }),
        gateway.post('/v1/redemptions', 'not even JSON', { key: undefined, headers: given }),
      ]),
    );
    expect(new Set(answers.map(told)).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 401,
      body: { type: 'urn:points-redemption:problem:unauthorized' },
    });
    expect(answers[0]?.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('the health, the document and its page can be had', async () => {
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs'])
      expect((await gateway.get(path, { key: undefined })).status).toBe(200);
  });
});

describe('a key', () => {
  it('opens only what its scopes say', async () => {
    const { request, path, member } = await soldIn('S1');
    const quote = { program: 'coffee-club', member: member.memberId, points: 200 };
    const asks = {
      quote: (key: string) => gateway.post('/v1/quotes', quote, { key }),
      redeem: (key: string) => gateway.post('/v1/redemptions', request, { key }),
      read: (key: string) => gateway.get(path, { key }),
      payments: (key: string) => gateway.post(`${path}/capture`, {}, { key }),
    };
    const forbidden = new Set<string>();
    for (const scope of ['quote', 'redeem', 'read', 'payments'] as const) {
      const key = gateway.newKey({ scopes: [scope] });
      for (const [name, ask] of Object.entries(asks)) {
        const answer = await ask(key);
        if (name === scope) expect(answer.status).toBeLessThan(300);
        else forbidden.add(told(answer));
      }
    }
    expect([...forbidden].map((text) => (JSON.parse(text) as Answer).status)).toEqual([403]);
    await env.ended(request);
  });

  it('of one program does nothing in another, and learns nothing of it', async () => {
    const { request, path } = await soldIn('S1', 'travel-miles');
    const key = gateway.newKey({ programs: ['coffee-club'] });
    const unknown = await gateway.get('/v1/redemptions/coffee-club/R-unknown', { key });
    expect(unknown).toMatchObject({
      status: 404,
      body: { type: 'urn:points-redemption:problem:unknown-redemption' },
    });
    const answers = [
      await gateway.get(path, { key }),
      await gateway.post(`${path}/capture`, {}, { key }),
      await gateway.post(`${path}/void`, {}, { key }),
      await gateway.get('/v1/redemptions/no-program/R-unknown', { key }),
    ];
    expect(answers.map(told)).toEqual(answers.map(() => told(unknown)));

    const refused = [
      await gateway.post('/v1/redemptions', request, { key }),
      await gateway.post('/v1/redemptions', { ...request, program: 'no-program' }, { key }),
      await gateway.post(
        '/v1/quotes',
        { program: request.program, member: request.member, points: 5 },
        { key },
      ),
    ];
    expect(new Set(refused.map(told)).size).toBe(1);
    expect(refused[0]?.status).toBe(403);
    expect((await env.status(request)).status).toBe('awaiting-payment');
    await env.abandon(request);
  });

  it('of one store does nothing in another, and learns nothing of it', async () => {
    const { request, path } = await soldIn('S1');
    const key = gateway.newKey({ stores: ['S2', 'S3'] });
    const unknown = await gateway.get('/v1/redemptions/coffee-club/R-unknown', { key });
    const answers = [
      await gateway.get(path, { key }),
      await gateway.post(`${path}/capture`, {}, { key }),
      await gateway.post(`${path}/void`, {}, { key }),
    ];
    expect(answers.map(told)).toEqual(answers.map(() => told(unknown)));
    expect((await gateway.post('/v1/redemptions', request, { key })).status).toBe(403);
    expect((await env.status(request)).status).toBe('awaiting-payment');
    await env.abandon(request);

    const own = await soldIn('S2');
    expect((await gateway.get(own.path, { key })).status).toBe(200);
    expect((await gateway.post(`${own.path}/void`, {}, { key })).status).toBe(202);
    expect(await env.ended(own.request)).toMatchObject({ status: 'compensated' });
  });

  it('tells an operator what can be done, and nobody else', async () => {
    const member = await env.sandbox.member('travel-miles', 500);
    const request = env.request(member);
    await env.atFulfilment('fulfil', 'refuse');
    await env.atProvider('travel-miles', 'restore', 'refuse');
    await env.redeem(request);
    await env.capture(request);
    await env.until(request, 'needs-attention');
    const path = `/v1/redemptions/travel-miles/${request.redemptionId}`;
    const key = gateway.newKey({ scopes: ['operate'] });
    expect((await gateway.get(path, { key })).body['acts']).toEqual(
      expect.arrayContaining(['retry']),
    );
    const answer = await gateway.get(path);
    expect(answer.body).toMatchObject({ status: 'needs-attention', message: expect.any(String) });
    expect(answer.body).not.toHaveProperty('acts');
    await env.client.retry(request, { by: 'me', why: 'test' });
    await env.ended(request);
  });

  it('is told to wait when it has used up its requests, and no other key is', async () => {
    const key = gateway.newKey({ requestsPerMinute: 3 });
    const asked = [1, 2, 3, 4].map(() =>
      gateway.get('/v1/redemptions/coffee-club/R-unknown', { key }),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.body['type']).toBe('urn:points-redemption:problem:too-many-requests');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await gateway.get('/v1/redemptions/coffee-club/R-unknown')).status).toBe(404);
  });
});

describe('the file of access keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'access-keys-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'keys.json');
  const write = (...keys: object[]) => writeFileSync(file, JSON.stringify({ keys }));
  const hash = newKey().hash;

  it.each([
    [
      'an unknown scope',
      [{ id: 'a', scopes: ['everything'], hashes: [hash] }],
      'keys[0].scopes[0]',
    ],
    ['a key in the clear', [{ id: 'a', scopes: ['read'], hashes: ['prk_1'] }], 'keys[0].hashes[0]'],
    ['no program', [{ id: 'a', scopes: ['read'], programs: [], hashes: [hash] }], 'programs'],
    ['three hashes', [{ id: 'a', scopes: ['read'], hashes: [hash, hash, hash] }], 'at most 2'],
    [
      'an id twice',
      ['read', 'quote'].map((scope) => ({ id: 'a', scopes: [scope], hashes: [hash] })),
      'same id',
    ],
  ])('is refused with %s', (_what, keys, named) => {
    write(...keys);
    expect(() => readAccessKeys(file)).toThrow(named);
  });

  it('is followed while the gateway runs, and a mistake in it changes nothing', async () => {
    const [first, second] = [newKey(), newKey()];
    write({ id: 'till', scopes: ['read'], hashes: [first.hash] });
    const log: string[] = [];
    const keys = followAccessKeys(
      file,
      env.programs,
      pino({}, { write: (line: string) => void log.push(line) }),
    );
    try {
      expect(keys.find(first.secret)?.id).toBe('till');
      write({ id: 'till', scopes: ['read'], hashes: [first.hash, second.hash] });
      await vi.waitFor(() => expect(keys.find(second.secret)?.id).toBe('till'), 10_000);
      expect(keys.find(first.secret)?.id).toBe('till');
      writeFileSync(file, 'oops');
      await vi.waitFor(() => expect(log.join('')).toContain('is not JSON'), 10_000);
      write({ id: 'till', scopes: ['read'], programs: ['tea-club'], hashes: [first.hash] });
      await vi.waitFor(() => expect(log.join('')).toContain('names the program tea-club'), 10_000);
      expect(keys.find(second.secret)?.id).toBe('till');
    } finally {
      keys.stop();
    }
  });
});
