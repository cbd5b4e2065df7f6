import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  createServer as createRawServer,
  type AddressInfo,
  type Server as RawServer,
} from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { requestJson, TransportError, type HttpRequest } from '../../../src/http/request.ts';

const servers: (Server | RawServer)[] = [];

async function listening(server: Server | RawServer): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serve = (listener: RequestListener): Promise<string> => listening(createServer(listener));

afterEach(() => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

const get = (baseUrl: string, rest: Partial<HttpRequest> = {}) =>
  requestJson({ method: 'GET', baseUrl, path: '/x', ...rest });

async function failure(call: Promise<unknown>): Promise<TransportError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (!(error instanceof TransportError)) throw new Error('expected a TransportError');
  return error;
}

describe('a request', () => {
  it('brings back the status, the JSON and the pause that was asked for', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(429, { 'retry-after': '2' }).end('{"message":"slow down"}');
    });
    expect(await get(origin)).toEqual({
      status: 429,
      body: { message: 'slow down' },
      retryAfterMs: 2_000,
    });
  });

  it('has no body where the answer is no JSON', async () => {
    const origin = await serve((_request, response) => response.end('<html>'));
    expect(await get(origin)).toEqual({ status: 200, body: undefined, retryAfterMs: undefined });
  });

  it('goes to the path as it is written, below the base URL', async () => {
    const origin = await serve((request, response) => response.end(JSON.stringify(request.url)));
    expect(await get(`${origin}/v1`, { path: '/a%2Fb/../c' })).toMatchObject({
      body: '/v1/a%2Fb/../c',
    });
  });

  it('never follows a redirect', async () => {
    let arrived = 0;
    const origin = await serve((_request, response) => {
      arrived += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await get(origin)).toMatchObject({ status: 307 });
    expect(arrived).toBe(1);
  });
});

describe('a request without an answer', () => {
  it('was certainly not sent when nobody listens', async () => {
    expect((await failure(get('http://127.0.0.1:1'))).sent).toBe(false);
  });

  it('was certainly not sent when the host has no address', async () => {
    expect((await failure(get('http://nowhere.invalid'))).sent).toBe(false);
  });

  it('was certainly not sent when TLS fails', async () => {
    const origin = await serve((_request, response) => response.end('{}'));
    expect((await failure(get(origin.replace('http:', 'https:')))).sent).toBe(false);
  });

  it('was certainly not sent when the time is over before there is a connection', async () => {
    // A server that takes the connection and never answers the TLS greeting.
    const origin = await listening(createRawServer());
    const error = await failure(get(origin.replace('http:', 'https:'), { timeoutMs: 50 }));
    expect(error.sent).toBe(false);
  });

  it('was certainly not sent when no time was left', async () => {
    expect((await failure(get('http://127.0.0.1:1', { timeoutMs: 0 }))).sent).toBe(false);
  });

  it('may have arrived when the connection breaks, and is not repeated', async () => {
    let arrived = 0;
    const origin = await serve((request) => {
      arrived += 1;
      request.socket.destroy();
    });
    expect((await failure(get(origin))).sent).toBe(true);
    expect(arrived).toBe(1);
  });

  it('may have arrived when a kept connection breaks, and is not repeated', async () => {
    let arrived = 0;
    const origin = await serve((request, response) => {
      arrived += 1;
      if (arrived === 1) response.end('{}');
      else request.socket.destroy();
    });
    await get(origin);
    expect((await failure(get(origin))).sent).toBe(true);
    expect(arrived).toBe(2);
  });

  it('may have arrived when the answer is cut in the middle', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => response.destroy());
    });
    expect((await failure(get(origin))).sent).toBe(true);
  });

  it('may have arrived when the answer trickles in past the time', async () => {
    const origin = await serve((_request, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    const error = await failure(get(origin, { timeoutMs: 200 }));
    expect(error).toMatchObject({ sent: true, isTooLarge: false });
  });

  it('says how long it waited in whole milliseconds', async () => {
    const origin = await serve(() => undefined);
    const error = await failure(get(origin, { timeoutMs: 43.889173 }));
    expect(error.message).toBe('no answer within 44ms');
  });

  it('may have arrived when the answer is larger than anything we asked for', async () => {
    const origin = await serve((_request, response) => response.end('x'.repeat(1024 * 1024 + 1)));
    expect(await failure(get(origin))).toMatchObject({ sent: true, isTooLarge: true });
  });

  it('tells nothing of its path, headers and body', async () => {
    const error = await failure(
      get('http://127.0.0.1:1', { path: '/users/anna', headers: { 'x-api-key': 'k3y' } }),
    );
    expect(`${error.stack}`).not.toMatch(/anna|k3y/);
  });
});
