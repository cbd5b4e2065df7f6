/** A gateway on a real port, in this process, for a shop that is open; and a client of it that a till might have. */
import { readFile, writeFile } from 'node:fs/promises';
import { pino } from 'pino';
import { accessKeyFinder, newKey, type AccessKey } from '../../../src/gateway/access-keys.ts';
import { buildGateway, type GatewayOptions } from '../../../src/gateway/server.ts';
import type { TestEnvironment } from '../environment.ts';
import { CaughtLog } from '../log.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface Ask {
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface Gateway {
  readonly origin: string;
  /** A key for everything, unless said otherwise. */
  readonly key: string;
  newKey(rights?: Partial<AccessKey>): string;
  post(path: string, body: unknown, ask?: Ask): Promise<Answer>;
  get(path: string, ask?: Ask): Promise<Answer>;
  /** Every log line since the last time. */
  takeLog(): string;
  close(): Promise<void>;
}

type Options = Partial<Omit<GatewayOptions, 'accessKeys' | 'log'>>;

export async function openGateway(
  { client, programs }: Pick<TestEnvironment, 'client' | 'programs'>,
  options: Options = {},
): Promise<Gateway> {
  const log = new CaughtLog();
  const keys: AccessKey[] = [];
  const app = await buildGateway({
    redemptions: client,
    programs,
    accessKeys: { find: (secret) => accessKeyFinder(keys)(secret) },
    paymentSources: new Map(),
    isReady: () => Promise.resolve(true),
    log: pino({ level: 'trace' }, log),
    // This process also runs the worker, the sandbox and the tests.
    maxEventLoopDelayMs: 60_000,
    ...options,
  });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });

  const newKeyFor = (rights: Partial<AccessKey> = {}): string => {
    const { secret, hash } = newKey();
    const scopes: AccessKey['scopes'] = ['quote', 'balance', 'redeem', 'read', 'payments'];
    keys.push({ id: `key-${keys.length}`, scopes, hashes: [hash], ...rights });
    return secret;
  };
  const key = newKeyFor();
  const gateway: Gateway = {
    origin,
    key,
    newKey: newKeyFor,
    post: (path, body, ask) => send(origin, 'POST', path, { key, body, ...ask }),
    get: (path, ask) => send(origin, 'GET', path, { key, ...ask }),
    takeLog: () => log.take(),
    async close() {
      const closed = app.close();
      // Node does not count a connection that was opened and never used as idle, and a client keeps some after it hung up.
      app.server.closeAllConnections();
      await closed;
    },
  };
  return gateway;
}

export async function send(
  origin: string,
  method: string,
  path: string,
  { key, headers, body, signal }: Ask = {},
): Promise<Answer> {
  const response = await fetch(origin + path, {
    method,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: rawOrJson(body) }),
    ...(signal !== undefined && { signal }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson && text !== '' ? JSON.parse(text) : { text }) as Record<string, unknown>,
  };
}

/** Text and bytes go as they are. */
function rawOrJson(body: unknown): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' || body instanceof Uint8Array
    ? (body as string | Uint8Array<ArrayBuffer>)
    : JSON.stringify(body);
}

/** Tests ask more often than a till. */
export async function allowPolling(accessKeys: string): Promise<void> {
  const content = JSON.parse(await readFile(accessKeys, 'utf8')) as { readonly keys: object[] };
  const keys = content.keys.map((key) => ({ ...key, requestsPerMinute: 100_000 }));
  await writeFile(accessKeys, JSON.stringify({ ...content, keys }));
}
