/** A codec server over real HTTP, and what its callers send. */
import { defaultPayloadConverter } from '@temporalio/common';
import { pino } from 'pino';
import { createCodecServer } from '../../src/codec-server/server.ts';
import { sharedToken, type Tokens } from '../../src/codec-server/tokens.ts';
import { EncryptionCodec } from '../../src/encryption/codec.ts';
import { keyRingOf, newKey } from './key-rings.ts';
import { CaughtLog } from './log.ts';

const UI = 'http://127.0.0.1:8233';
export const TOKEN = 'a token of which nobody knows but who may read';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Settings {
  readonly uiOrigin?: string;
  readonly tokens?: Tokens;
  readonly proxies?: readonly string[];
}

export async function startCodecServer({
  uiOrigin = UI,
  tokens = sharedToken(TOKEN),
  proxies = [],
}: Settings = {}) {
  const keyRing = keyRingOf(newKey('2026-11'));
  const caught = new CaughtLog();
  const log = pino({ level: 'trace' }, caught);
  const server = await createCodecServer({ keyRing, tokens, uiOrigin, proxies, log });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });

  const send = async (
    path: string,
    headers: Record<string, string>,
    body: string | URLSearchParams = '',
  ): Promise<Reply> => {
    const answer = await fetch(origin + path, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return {
    server,
    origin,
    keyRing,
    caught,
    decode: (headers: Record<string, string>, payloads: unknown[] = []) =>
      send(
        '/decode',
        { 'content-type': 'application/json', 'x-namespace': 'shop', ...headers },
        JSON.stringify({ payloads }),
      ),
    async signIn(token: string, more: Record<string, string> = {}) {
      const answer = await send('/sign-in', { origin, ...more }, new URLSearchParams({ token }));
      const cookie = answer.headers.get('set-cookie') ?? '';
      return { ...answer, cookie, session: cookie.split(';')[0] ?? '' };
    },
    signOut: (session: string) => send('/sign-out', { origin, cookie: session }),
    async encrypted(value: unknown, workflowId?: string) {
      const codec = new EncryptionCodec(keyRing);
      const payload = defaultPayloadConverter.toPayload(value);
      const [sealed] = await codec.encode([payload]);
      const named =
        workflowId === undefined ? {} : { 'encryption-workflow-id': base64(workflowId) };
      return {
        metadata: {
          ...Object.fromEntries(
            Object.entries(sealed?.metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)]),
          ),
          ...named,
        },
        data: base64(sealed?.data ?? ''),
      };
    },
    lines: () =>
      caught
        .take()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    close: () => server.close(),
  };
}

export type TestCodecServer = Awaited<ReturnType<typeof startCodecServer>>;

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
export const asUi = (session: string) => ({ origin: UI, cookie: session });

function base64(bytes: string | Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
