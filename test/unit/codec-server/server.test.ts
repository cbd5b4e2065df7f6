/** The codec server as Temporal UI, a browser and strangers meet it. */
import { defaultPayloadConverter } from '@temporalio/common';
import { request as httpRequest } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodecServer } from '../../../src/codec-server/server.ts';
import { sharedToken } from '../../../src/codec-server/tokens.ts';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { newKey, keyRingOf } from '../../support/key-rings.ts';
import { CaughtLog } from '../../support/log.ts';

const UI = 'http://127.0.0.1:8233';
const token = 'a token of which nobody knows but who may read';
const keyRing = keyRingOf(newKey('2026-11'));

const caught = new CaughtLog();
const log = pino({ level: 'trace' }, caught);
let origin: string;
let server: Awaited<ReturnType<typeof createCodecServer>>;
beforeAll(async () => {
  const tokens = sharedToken(token);
  server = await createCodecServer({ keyRing, tokens, uiOrigin: UI, log });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

/** As the UI sends them. */
const inJson = (payload: { metadata?: object | null; data?: Uint8Array | null }) => ({
  metadata: Object.fromEntries(
    Object.entries(payload.metadata ?? {}).map(([name, value]) => [
      name,
      Buffer.from(value as Uint8Array).toString('base64'),
    ]),
  ),
  data: Buffer.from(payload.data ?? []).toString('base64'),
});
const plain = inJson(defaultPayloadConverter.toPayload({ member: 'member-1' }));

async function encryptedBy(codec = new EncryptionCodec(keyRing)) {
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload({ member: 'member-1' })]);
  return inJson(payload ?? {});
}

const bearer = { authorization: `Bearer ${token}` };
const asUi = { origin: UI, 'x-namespace': 'default' };

async function post(path: string, payloads: unknown, headers: Record<string, string> = bearer) {
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof payloads === 'string' ? payloads : JSON.stringify({ payloads }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  };
}

async function signIn(given: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    headers: { origin, ...headers },
    body: new URLSearchParams({ token: given }),
    redirect: 'manual',
  });
  const cookie = response.headers.get('set-cookie') ?? '';
  return { status: response.status, cookie, session: cookie.split(';')[0] ?? '' };
}

describe('the codec server', () => {
  it('decodes for the UI once its user has signed in', async () => {
    const { status, cookie, session } = await signIn(token);
    expect(status).toBe(303);
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    const answer = await post('/decode?preserveStorageRefs=true', [await encryptedBy()], {
      ...asUi,
      cookie: session,
    });
    expect(answer).toMatchObject({ status: 200, body: { payloads: [plain] } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(UI);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  it('encodes what the UI sends, so that only the keyRing reads it', async () => {
    const { body } = await post('/encode', [plain], { ...asUi, ...bearer });
    const { payloads } = body as { payloads: (typeof plain)[] };
    expect(JSON.stringify(payloads)).not.toContain(plain.data);
    expect(await post('/decode', payloads)).toMatchObject({
      status: 200,
      body: { payloads: [plain] },
    });
  });

  it('leaves what is not encrypted as it is, below a namespace too', async () => {
    expect(await post('/default/decode', [plain, await encryptedBy()])).toMatchObject({
      status: 200,
      body: { payloads: [plain, plain] },
    });
    for (const none of ['{}', '{"payloads": []}'])
      expect(await post('/decode', none)).toMatchObject({ status: 200, body: {} });
  });

  it('answers the preflight of the UI, and nobody else', async () => {
    const preflight = (from: string) =>
      fetch(`${origin}/decode`, {
        method: 'OPTIONS',
        headers: { origin: from, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight(UI);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
    const refused = await preflight('http://127.0.0.1:8234');
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the log of the codec server', () => {
  it('tells that it was asked, and not what', async () => {
    caught.take();
    await post('/decode?member-1', [await encryptedBy()]);
    await post('/member-1/unknown', [plain]);
    await post('/default/encode', [plain]);
    await post('/decode', '{"payloads": [{"data": "member-1');
    await signIn(token);
    const logged = caught.take();
    const lines = logged
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { call: string; status: number });
    expect(lines.map(({ call, status }) => `${call} ${status}`)).toEqual([
      '/decode 200',
      'undefined 404',
      '/:namespace/encode 200',
      '/decode 400',
      '/sign-in 303',
    ]);
    for (const secret of ['member-1', plain.data, token]) expect(logged).not.toContain(secret);
  });
});

describe('the codec server refuses', () => {
  it.each([
    ['no token', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${token}` }],
    ['a made-up session', { ...asUi, cookie: `codec-session=${'A'.repeat(43)}` }],
    ['a session without an origin', { cookie: 'SESSION' }],
  ])('%s', async (_, headers: Record<string, string>) => {
    const sent =
      headers['cookie'] === 'SESSION' ? { cookie: (await signIn(token)).session } : headers;
    for (const path of ['/decode', '/encode'])
      expect(await post(path, [plain], sent)).toMatchObject({
        status: 401,
        body: { error: 'unauthorized' },
      });
  });

  it('a session that was ended, or is another server’s', async () => {
    const { session } = await signIn(token);
    const tokens = sharedToken(token);
    const other = await createCodecServer({ keyRing, tokens, uiOrigin: UI, log });
    const answer = await other.inject({
      method: 'POST',
      url: '/decode',
      headers: { ...asUi, cookie: session },
      payload: { payloads: [] },
    });
    expect(answer.statusCode).toBe(401);
    const signedOut = await fetch(`${origin}/sign-out`, {
      method: 'POST',
      headers: { origin },
      redirect: 'manual',
    });
    expect(signedOut.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  it('a foreign origin, whatever it brings', async () => {
    const { session } = await signIn(token);
    for (const foreign of ['https://evil.example', 'http://127.0.0.1:82330', 'null', origin]) {
      const answer = await post('/decode', [await encryptedBy()], {
        origin: foreign,
        cookie: session,
        ...bearer,
      });
      expect(answer).toMatchObject({ status: 403, body: { error: 'foreign-origin' } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await signIn(token, { origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      cookie: '',
    });
    expect(await signIn(token, { origin: 'null' })).toMatchObject({ status: 403, cookie: '' });
  });

  it('a wrong token on its page, in words', async () => {
    expect(await signIn('wrong')).toMatchObject({ status: 401, cookie: '' });
    const page = await fetch(origin);
    expect(await page.text()).toContain('type="password"');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it.each([
    ['no JSON', '{"payloads": [{"data": "canary'],
    ['no payloads', '{"payload": "canary"}'],
    ['what is not base64', '{"payloads": [{"metadata": {"encoding": "canary?"}}]}'],
    ['data that is no text', '{"payloads": [{"data": {"canary": 1}}]}'],
    ['a list', '["canary"]'],
  ])('%s', async (_, body) => {
    const answer = await post('/decode', body);
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid-request' } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });

  it('a key that it lacks, and a payload that was changed', async () => {
    const foreign = await encryptedBy(new EncryptionCodec(keyRingOf(newKey('2031-01'))));
    const { body, status } = await post('/decode', [foreign]);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      error: 'unreadable',
      message: expect.stringContaining('2031-01') as string,
    });
    const mine = await encryptedBy();
    const data = Buffer.from(mine.data, 'base64');
    data[20] = (data[20] ?? 0) ^ 1;
    expect(await post('/decode', [{ ...mine, data: data.toString('base64') }])).toMatchObject({
      status: 422,
    });
  });

  it('a body of 50 MB by its announced length, without reading any of it', async () => {
    const headers = { 'content-length': String(50 * 1024 * 1024) };
    expect(await answerTo(headers, 0)).toBe(413);
  });

  it('a body of unknown length as soon as it is too large', async () => {
    expect(await answerTo({ 'transfer-encoding': 'chunked' }, 8 * 1024 * 1024 + 1)).toBe(413);
  });

  it('somebody without a token before their body has come', async () => {
    expect(await answerTo({ 'transfer-encoding': 'chunked', authorization: '' }, 1)).toBe(401);
  });
});

/** The answer to a body of which only so many bytes are ever sent. */
function answerTo(headers: Record<string, string>, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer, ...headers },
    });
    request.on('error', reject);
    request.on('response', ({ statusCode }) => {
      request.off('error', reject).on('error', () => undefined);
      request.destroy();
      resolve(statusCode);
    });
    request.flushHeaders();
    if (bytes > 0) request.write(Buffer.alloc(bytes, ' '));
  });
}
