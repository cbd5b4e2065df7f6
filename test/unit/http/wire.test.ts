/** What a request puts on the wire, and what is read from its answer. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ANSWER_TIMEOUT_MS,
  requestJson,
  requestPath,
  type HttpRequest,
} from '../../../src/http/request.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The request as it arrived, with its body. */
async function arrived(request: Omit<HttpRequest, 'baseUrl'>) {
  const requests: (Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { body: string })[] = [];
  const baseUrl = await serve((message, response) => {
    const { method, url, headers } = message;
    let body = '';
    message.on('data', (chunk) => (body += chunk));
    message.on('end', () => {
      requests.push({ method, url, headers, body });
      response.end();
    });
  });
  await requestJson({ ...request, baseUrl });
  return requests;
}

async function retryAfterOf(value: string | string[] | undefined): Promise<number | undefined> {
  const baseUrl = await serve((_, response) => {
    if (value !== undefined) response.setHeader('retry-after', value);
    response.writeHead(503).end();
  });
  return (await requestJson({ method: 'GET', baseUrl, path: '/' })).retryAfterMs;
}

describe('a request', () => {
  it('asks for JSON, sends its own headers, and names no content where it has none', async () => {
    const [request, ...more] = await arrived({
      method: 'DELETE',
      path: '/a?b=c',
      headers: { 'x-api-key': 'k' },
    });
    expect(more).toEqual([]);
    expect(request).toMatchObject({
      method: 'DELETE',
      url: '/a?b=c',
      headers: { accept: 'application/json', 'x-api-key': 'k' },
      body: '',
    });
    expect(request?.headers).not.toHaveProperty('content-type');
  });

  it('sends JSON byte for byte', async () => {
    const body = '{"name":"é"}';
    expect(await arrived({ method: 'POST', path: '/', body })).toMatchObject([
      { headers: { 'content-type': 'application/json' }, body },
    ]);
  });

  it.each([
    ['http://h', '/x'],
    ['http://h/', '/x'],
    ['http://h/v1', '/v1/x'],
    ['http://h/v1/', '/v1/x'],
    ['http://h/v1/?q', '/v1/x'],
  ])('below %s goes to %s', (baseUrl, path) => {
    expect(requestPath(baseUrl, '/x')).toBe(path);
  });
});

describe('the pause that an answer asks for', () => {
  it.each([
    [undefined, undefined],
    ['0', 0],
    ['120', 120_000],
    ['-1', undefined],
    ['1.5', undefined],
    ['x1', undefined],
    ['1x', undefined],
    ['soon', undefined],
    ['', undefined],
  ])('as Retry-After %j is %s ms', async (header, pause) => {
    expect(await retryAfterOf(header)).toBe(pause);
  });

  it('may be a date, and is none if that is over', async () => {
    const in_ = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();
    const pause = await retryAfterOf(in_(3_600));
    expect(pause).toBeGreaterThan(3_500_000);
    expect(pause).toBeLessThanOrEqual(3_600_000);
    expect(await retryAfterOf(in_(-3_600))).toBeUndefined();
  });

  it('is none where the answer names two', async () => {
    expect(await retryAfterOf(['1', '2'])).toBeUndefined();
  });
});

describe('the time for an answer', () => {
  it('is ten seconds, however much more the caller would give it, and then the connection ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    for (const timeoutMs of [undefined, 60_000]) {
      const server = { has: (): void => {}, lost: (): void => {} };
      const isThere = new Promise<void>((resolve) => (server.has = resolve));
      const isGone = new Promise<void>((resolve) => (server.lost = resolve));
      const baseUrl = await serve(({ socket }) => {
        socket.on('close', () => server.lost());
        server.has();
      });
      const call = requestJson({ method: 'GET', baseUrl, path: '/', timeoutMs });
      const failure = expect(call).rejects.toThrow('no answer within 10s');
      await isThere;
      vi.advanceTimersByTime(ANSWER_TIMEOUT_MS - 1);
      expect(vi.getTimerCount()).toBeGreaterThan(0);
      vi.advanceTimersByTime(1);
      await failure;
      await isGone;
    }
    expect(ANSWER_TIMEOUT_MS).toBe(10_000);
  });

  it.each([
    ['the answer', (_: unknown, response: ServerResponse) => response.end('{}')],
    ['the failure', ({ socket }: IncomingMessage) => socket.destroy()],
  ])('ends with %s, and nothing is left that waits', async (_, listener) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const baseUrl = await serve(listener);
    const set = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    const call = requestJson({ method: 'GET', baseUrl, path: '/', timeoutMs: 4_321 });
    await Promise.allSettled([call]);
    const ours = set.mock.calls.findIndex(([, ms]) => ms === 4_321);
    expect(cleared).toHaveBeenCalledWith(set.mock.results[ours]?.value);
  });
});
