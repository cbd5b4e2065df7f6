/** The codec server of the sandbox, whose keys everybody knows, and when it is as demanding as any other. */
import { defaultPayloadConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCodecServer } from '../../../src/codec-server/server.ts';
import { sharedToken } from '../../../src/codec-server/tokens.ts';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { readCodecServerSettings } from '../../../src/process/settings.ts';
import { withBase64Decoded } from '../../support/base64.ts';
import { keyRingOf, newKey } from '../../support/key-rings.ts';

const { Payloads } = proto.temporal.api.common.v1;

const UI = 'http://127.0.0.1:8233';
const TOKEN = 'a token of which nobody knows but who may read';
const asUi = { origin: UI, 'x-namespace': 'default' };
const log = pino({ level: 'silent' });

describe('the codec server of the sandbox, without a token', () => {
  const options = { keyRing: sandboxKeyRing, tokens: undefined, uiOrigin: UI, log };
  let sandbox: Awaited<ReturnType<typeof createCodecServer>>;
  beforeAll(async () => {
    sandbox = await createCodecServer(options);
  });
  const ask = async (path: string, headers: Record<string, string>) => {
    const payloads = await new EncryptionCodec(sandboxKeyRing).encode([
      defaultPayloadConverter.toPayload('member-1'),
    ]);
    const payload = Payloads.create({ payloads }).toJSON();
    return sandbox.inject({ method: 'POST', url: path, headers, payload });
  };

  it('decodes for the UI, whose user has not signed in and sends no cookies', async () => {
    const answer = await ask('/decode?preserveStorageRefs=true', asUi);
    expect(answer.statusCode).toBe(200);
    expect(withBase64Decoded(answer.body)).toContain('member-1');
    expect(answer.headers['access-control-allow-origin']).toBe(UI);
    const page = await sandbox.inject('/');
    expect(page.body).toContain('Nobody needs to sign in');
  });

  it.each([
    ['http://127.0.0.1:8233', 'http://localhost:8233'],
    ['http://localhost:8233', 'http://127.0.0.1:8233'],
  ])('takes %s for %s as well, because both are this machine', async (uiOrigin, origin) => {
    const server = await createCodecServer({ ...options, uiOrigin });
    for (const from of [uiOrigin, origin]) {
      const headers = { origin: from };
      const payload = { payloads: [] };
      const answer = await server.inject({ method: 'POST', url: '/decode', headers, payload });
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBe(from);
    }
    const abroad = await createCodecServer({ ...options, uiOrigin: 'https://ui.example' });
    const headers = { origin: 'http://localhost:8233' };
    expect((await abroad.inject({ method: 'POST', url: '/decode', headers })).statusCode).toBe(403);
  });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['the UI at another port', { origin: 'http://127.0.0.1:8234' }, 403],
    ['another port of localhost', { origin: 'http://localhost:8234' }, 403],
    ['localhost over TLS', { origin: 'https://localhost:8233' }, 403],
    ['an origin that is hidden', { origin: 'null' }, 403],
    ['nobody in particular', {}, 401],
    ['an empty token', { authorization: 'Bearer ' }, 401],
  ])('refuses %s', async (_, headers: Record<string, string>, status) => {
    for (const path of ['/decode', '/encode', '/default/decode'])
      expect((await ask(path, headers)).statusCode).toBe(status);
  });

  it('refuses everybody who has not signed in when it has a token or real keys', async () => {
    const withToken = await createCodecServer({ ...options, tokens: sharedToken(TOKEN) });
    const answer = await withToken.inject({
      method: 'POST',
      url: '/decode',
      headers: asUi,
      payload: { payloads: [] },
    });
    expect(answer.statusCode).toBe(401);
    const keyRing = keyRingOf(newKey('2026-11'));
    await expect(createCodecServer({ ...options, keyRing })).rejects.toThrow(
      'only the keys of the sandbox',
    );
  });
});

describe('the settings of the codec server', () => {
  it('need a token unless the keys are the sandbox’s', () => {
    expect(readCodecServerSettings({})).toMatchObject({
      access: undefined,
      keyRing: sandboxKeyRing,
    });
    expect(() => readCodecServerSettings({ CODEC_SERVER_TOKEN: 'short' })).toThrow('too short');
    expect(() => readCodecServerSettings({ REDEMPTION_ENCRYPTION_KEYS: 'keys.json' })).toThrow(
      'CODEC_SERVER_TOKENS is not set',
    );
    expect(() => readCodecServerSettings({ REDEMPTION_PROGRAMS: 'programs.json' })).toThrow(
      'REDEMPTION_ENCRYPTION_KEYS is not set',
    );
  });

  it('take a file of tokens or one token that all share, never both', () => {
    const [CODEC_SERVER_TOKENS, CODEC_SERVER_TOKEN] = ['tokens.json', TOKEN];
    expect(readCodecServerSettings({ CODEC_SERVER_TOKENS }).access).toEqual({
      file: 'tokens.json',
    });
    expect(readCodecServerSettings({ CODEC_SERVER_TOKEN }).access).toEqual({ sharedToken: TOKEN });
    expect(() => readCodecServerSettings({ CODEC_SERVER_TOKENS, CODEC_SERVER_TOKEN })).toThrow(
      'are both set',
    );
  });

  it('take the addresses of a proxy, and nothing that trusts everybody', () => {
    const proxies = (text: string) =>
      readCodecServerSettings({ CODEC_SERVER_TRUSTED_PROXIES: text }).proxies;
    expect(proxies(' 10.0.0.5, fd00::/8')).toEqual(['10.0.0.5', 'fd00::/8']);
    for (const wrong of ['true', '1', '0.0.0.0/0', '10.0.0.0/33', 'proxy.example', '10.0.0.1/8/8'])
      expect(() => proxies(wrong)).toThrow(`CODEC_SERVER_TRUSTED_PROXIES has ${wrong}`);
  });
});
