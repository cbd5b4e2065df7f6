/** A till that hangs up gives its places back, also those of requests that it had sent one behind the other. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openGateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

it('requests in a row on one connection leave no place taken after it was closed', async () => {
  const gateway = await openGateway(env, { memberLimits: { requestsPerMinute: 1_000, unknownMembers: 20, turnMs: 100 } });
  try {
    const key = gateway.newKey();
    const member = await env.sandbox.member(program, 100_000);
    // The first of them gets its place back.
    const requests = Array.from({ length: 32 }, (_, n) =>
      env.request(member, { points: 1, store: n === 0 ? 'S13' : 'S12' }),
    );
    const { port, hostname } = new URL(gateway.origin);
    await env.stopWorker();
    const socket = connect(Number(port), hostname);
    socket.write(
      requests
        .map((request) => {
          const body = JSON.stringify(request);
          return `POST /v1/redemptions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nprefer: wait=3\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
        })
        .join(''),
    );
    await delay(1_000);
    socket.destroy();
    // Longer than their deadline and its grace.
    await delay(8_000);
    await env.startWorker();
    for (const request of requests) await env.ended(request).catch(() => undefined);

    const honest = env.request(await env.sandbox.member(program, 500), { store: 'S12' });
    const answer = await gateway.post('/v1/redemptions', honest, { key });
    if (answer.status === 201) {
      await env.voidSale(honest);
      await env.ended(honest);
    }
    expect(answer.status).toBe(201);
  } finally {
    await gateway.close();
  }
}, 60_000);

it('two keys that send requests in a row take no place from a third one, after they hung up', async () => {
  const gateway = await openGateway(env, {
    places: 4,
    memberLimits: { requestsPerMinute: 1_000, unknownMembers: 20, turnMs: 100 },
  });
  try {
    const member = await env.sandbox.member(program, 100_000);
    const { port, hostname } = new URL(gateway.origin);
    await env.stopWorker();
    await env.sandbox.fault({ service: 'white-label-loyalty', call: 'balance', fault: 'slow', times: 2, delayMs: 2_000 });
    const all: ReturnType<typeof env.request>[] = [];
    const sockets = [gateway.newKey(), gateway.newKey()].map((key) => {
      const socket = connect(Number(port), hostname);
      // The provider is slow to quote, and the redemptions stand behind.
      const head = JSON.stringify({ program, member: member.memberId, points: 1 });
      const requests = ['A', 'B'].map((store) => env.request(member, { points: 1, store }));
      all.push(...requests);
      const post = (path: string, body: string) =>
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nprefer: wait=2\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      socket.write(
        [post('/v1/quotes', head), ...requests.map((each) => post('/v1/redemptions', JSON.stringify(each)))].join(''),
      );
      return socket;
    });
    await delay(500);
    for (const socket of sockets) socket.destroy();
    await delay(6_000);
    await env.startWorker();
    for (const request of all) await env.ended(request).catch(() => undefined);
    const honest = env.request(await env.sandbox.member(program, 500), { store: 'S12' });
    const answer = await gateway.post('/v1/redemptions', honest, { key: gateway.newKey() });
    if (answer.status === 201) {
      await env.voidSale(honest);
      await env.ended(honest);
    }
    expect(answer.status).toBe(201);
  } finally {
    await gateway.close();
  }
}, 60_000);
