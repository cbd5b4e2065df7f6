/** What a stranger, and somebody who may no longer read, try at the codec server. Each was possible once. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  asUi,
  bearer,
  startCodecServer,
  TOKEN,
  type TestCodecServer,
} from '../../support/codec-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let codecServer: TestCodecServer;
beforeEach(async () => {
  codecServer = await startCodecServer();
});
afterEach(async () => {
  vi.useRealTimers();
  await codecServer.close();
});

const laterBy = (ms: number) => vi.setSystemTime(Date.now() + ms);

describe('a session', () => {
  it('does not decode after its reader has signed out, wherever the cookie was copied to', async () => {
    const { session } = await codecServer.signIn(TOKEN);
    expect((await codecServer.decode(asUi(session))).status).toBe(200);
    await codecServer.signOut(session);
    expect((await codecServer.decode(asUi(session))).status).toBe(401);
  });

  it('ends when it is not used for an hour, and after twelve hours in any case', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const [idle, busy] = [await codecServer.signIn(TOKEN), await codecServer.signIn(TOKEN)];
    for (let hours = 0; hours < 12; hours += 0.75) {
      expect((await codecServer.decode(asUi(busy.session))).status).toBe(200);
      laterBy(0.75 * HOUR);
      if (hours > 0.75) expect((await codecServer.decode(asUi(idle.session))).status).toBe(401);
    }
    expect((await codecServer.decode(asUi(busy.session))).status).toBe(401);
  });

  it('is random: nothing of it can be made from the token', async () => {
    const sessions = [await codecServer.signIn(TOKEN), await codecServer.signIn(TOKEN)];
    for (const { session } of sessions) expect(session).toMatch(/^codec-session=[\w-]{43}$/);
    expect(sessions[0]?.session).not.toBe(sessions[1]?.session);
  });

  it('is bound to its host and to TLS where the pages of Temporal UI are', async () => {
    const behindTls = await startCodecServer({ uiOrigin: 'https://ui.example' });
    const { origin } = behindTls;
    const { cookie, session } = await behindTls.signIn(TOKEN, { origin });
    expect(cookie).toMatch(/^__Host-codec-session=[\w-]{43}; /);
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'])
      expect(cookie.split('; ')).toContain(attribute);
    expect(cookie).not.toContain('Domain');
    const decoded = await behindTls.decode({ origin: 'https://ui.example', cookie: session });
    expect(decoded.status).toBe(200);
    await behindTls.close();
  });
});

describe('whoever guesses tokens', () => {
  it('is slowed on the page', async () => {
    const statuses = await inTurn(20, async (n) => (await codecServer.signIn(`guess ${n}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual(Array(10).fill(429));
  });

  it('is slowed by bearer, and told until when; then even the right token waits', async () => {
    const guess = (n: number) => codecServer.decode(bearer(`guess ${n}`));
    await inTurn(10, guess);
    const refused = await guess(11);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.text).toContain('too-many-attempts');
    expect((await codecServer.decode(bearer(TOKEN))).status).toBe(429);
    expect((await codecServer.signIn(TOKEN)).status).toBe(429);
  });

  it('is slowed also when all guesses come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, n) => codecServer.decode(bearer(`guess ${n}`))),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
  });

  it('is told apart from others behind the reverse proxy, whose word counts only from there', async () => {
    const behindProxy = await startCodecServer({ proxies: ['127.0.0.1'] });
    const from = (address: string) => ({ ...bearer('guess'), 'x-forwarded-for': address });
    await inTurn(10, () => behindProxy.decode(from('192.0.2.1')));
    expect((await behindProxy.decode(from('192.0.2.1'))).status).toBe(429);
    expect((await behindProxy.decode(from('192.0.2.2'))).status).toBe(401);
    await inTurn(10, (n) => codecServer.decode(from(`192.0.2.${n}`)));
    expect((await codecServer.decode(from('192.0.2.99'))).status).toBe(429);
    await behindProxy.close();
  });

  it('is slowed overall, from however many addresses', async () => {
    const behindProxy = await startCodecServer({ proxies: ['127.0.0.1'] });
    const from = (n: number) => ({
      ...bearer('guess'),
      'x-forwarded-for': `192.0.${n >> 8}.${n & 255}`,
    });
    await inTurn(300, (n) => behindProxy.decode(from(n)));
    expect((await behindProxy.decode(from(300))).status).toBe(429);
    await behindProxy.close();
  });

  it('ends nobody’s session by it, and may try again a minute later', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { session } = await codecServer.signIn(TOKEN);
    await inTurn(12, (n) => codecServer.signIn(`guess ${n}`));
    expect((await codecServer.decode(asUi(session))).status).toBe(200);
    laterBy(MINUTE + 1);
    expect((await codecServer.signIn(TOKEN)).status).toBe(303);
  });
});

describe('whoever holds connections and memory', () => {
  it('is cut off when a body comes slowly', { timeout: 30_000 }, async () => {
    const head = `POST /decode HTTP/1.1\r\nHost: codec\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n`;
    const began = Date.now();
    const socket = open();
    socket.write(head);
    const drip = setInterval(() => socket.write(' '), 500);
    await closed(socket, 20_000).finally(() => clearInterval(drip));
    expect(Date.now() - began).toBeLessThan(15_000);
  });

  it('is cut off when the headers come slowly', { timeout: 30_000 }, async () => {
    const socket = open();
    socket.write('POST /decode HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('x'), 500);
    await closed(socket, 10_000).finally(() => clearInterval(drip));
  });

  it('is cut off when nothing comes', { timeout: 30_000 }, async () => {
    await closed(open(), 20_000);
  });

  it('gets no more than 256 connections', async () => {
    const sockets = Array.from({ length: 256 }, open);
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await closed(open(), 5_000);
    for (const socket of sockets) socket.destroy();
  });

  it('keeps none of them after an answer that needed no token', { timeout: 30_000 }, async () => {
    const ask = (first: string, more = '') => {
      const socket = open();
      socket.write(`${first} HTTP/1.1\r\nHost: codec\r\n${more}\r\n`);
      return socket;
    };
    const origin = `Origin: http://127.0.0.1:8233\r\n`;
    const kinds = [
      () => ask('GET /healthz'),
      () => ask('GET /'),
      () => ask('GET /nowhere'),
      () => ask('POST /decode'),
      () => ask('OPTIONS /decode', `${origin}Access-Control-Request-Method: POST\r\n`),
    ];
    const sockets = Array.from({ length: 256 }, (_, n) => kinds[n % kinds.length]?.() ?? open());
    await Promise.all(sockets.map((socket) => closed(socket, 10_000)));
    expect((await codecServer.decode(bearer(TOKEN))).status).toBe(200);
  });

  it('leaves a reader the connection, so that a page of Temporal UI need not open one for each payload', async () => {
    const { headers } = await codecServer.decode(bearer(TOKEN));
    expect(headers.get('connection')).toBe('keep-alive');
  });

  it.each([
    ['with a token, announced', TOKEN, false, 413],
    ['with a token, in chunks', TOKEN, true, 413],
    ['without one, announced', 'wrong', false, 401],
    ['without one, in chunks', 'wrong', true, 401],
  ])('has 50 MB refused early: %s', async (_, token, isChunked, status) => {
    let read = 0;
    codecServer.server.server.on('connection', (socket) =>
      socket.on('close', () => (read = socket.bytesRead)),
    );
    const size = 50 * 1024 * 1024;
    const length = isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${size}`;
    codecServer.caught.take();
    const socket = open();
    socket.write(
      `POST /decode HTTP/1.1\r\nHost: codec\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n${length}\r\n\r\n`,
    );
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const pump = (): void => {
      const part = isChunked
        ? Buffer.concat([Buffer.from('10000\r\n'), chunk, Buffer.from('\r\n')])
        : chunk;
      for (let sent = 0; sent < size && !socket.destroyed; sent += chunk.length) socket.write(part);
    };
    pump();
    await closed(socket, 10_000);
    await expect.poll(() => read).toBeGreaterThan(0);
    // The sender may never see the answer, because it does not stop to listen.
    expect(codecServer.lines()).toMatchObject([{ status }]);
    // What is in flight is not counted against it.
    const limit = isChunked && token === TOKEN ? 12 : 4;
    expect(read).toBeLessThan(limit * 1024 * 1024);
  });
});

describe('the log', () => {
  it('says who read what, and nothing of the content', async () => {
    const { session } = await codecServer.signIn(TOKEN);
    const sealed = await codecServer.encrypted({ member: 'member-1' });
    const plain = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'Im1lbWJlci0xIg==' };
    codecServer.caught.take();
    await codecServer.decode(asUi(session), [sealed, sealed, plain]);
    await codecServer.decode(bearer(TOKEN), [sealed]);
    await codecServer.decode(bearer('wrong'), [sealed]);
    const lines = codecServer.lines();
    expect(lines).toMatchObject([
      { reader: 'shared', call: '/decode', namespace: 'shop', payloads: 3, encrypted: 2 },
      { reader: 'shared', payloads: 1, encrypted: 1, status: 200, address: '127.0.0.1' },
      { status: 401, address: '127.0.0.1' },
    ]);
    for (const secret of ['member-1', 'Im1lbWJlci0xIg', sealed.data, TOKEN, session.slice(14)])
      expect(JSON.stringify(lines)).not.toContain(secret);
  });

  it('names the runs that payloads are bound to, but repeats nothing that cannot be such an id', async () => {
    const named = (id: string) => codecServer.encrypted({}, id);
    codecServer.caught.take();
    await codecServer.decode(bearer(TOKEN), [
      await named('redemption:coffee-club:S12-1'),
      await named('redemption:coffee-club:S12-1'),
      await named('member Jane Doe\n{"level":60}'),
    ]);
    const [line] = codecServer.lines();
    expect(line).toMatchObject({ workflows: ['redemption:coffee-club:S12-1'] });
    expect(JSON.stringify(line)).not.toContain('Jane');
  });
});

function open(): Socket {
  return connect(Number(new URL(codecServer.origin).port), '127.0.0.1').on(
    'error',
    () => undefined,
  );
}

function closed(socket: Socket, limitMs: number): Promise<void> {
  socket.resume();
  return new Promise((resolve, reject) => {
    const tooLong = () => reject(new Error(`the connection was still open after ${limitMs} ms`));
    const timer = setTimeout(tooLong, limitMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function inTurn<Answer>(times: number, call: (n: number) => Promise<Answer>) {
  const answers: Answer[] = [];
  for (let n = 0; n < times; n += 1) answers.push(await call(n));
  return answers;
}
