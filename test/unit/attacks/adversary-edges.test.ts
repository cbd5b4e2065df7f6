/** A stranger at the edges: the codec server, payment events, configured addresses, and an operator's terminal. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listText } from '../../../src/cli/texts.ts';
import { isForbiddenHost } from '../../../src/http/safe-url.ts';
import { startCodecServer } from '../../support/codec-server.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { readSources } from '../../support/gateway/payment-events-gateway.ts';
import { closedShop } from '../../support/gateway/unreachable-temporal.ts';

async function raw(origin: string, text: string, ms = 1_500): Promise<string> {
  const { port, hostname } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  await delay(ms);
  socket.destroy();
  return answer;
}

it('guesses of tokens in a row on one connection are slowed like others', async () => {
  const codecServer = await startCodecServer();
  const guess = (n: number) =>
    `POST /decode HTTP/1.1\r\nhost: x\r\nauthorization: Bearer guess${n}\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"payloads":[]}`;
  const answer = await raw(codecServer.origin, Array.from({ length: 400 }, (_, n) => guess(n)).join(''));
  await codecServer.close();
  expect(answer.match(/HTTP\/1\.1 401/g)?.length ?? 0).toBeLessThanOrEqual(10);
});

it('payment events that are too large, in chunks, use up the budget of their sender', async () => {
  const shop = closedShop();
  const source = { id: 'psp', kind: 'standard-webhooks', programs: ['coffee-club'], secrets: ['env:standard_OLD'] };
  const gateway = await openGateway(shop, {
    paymentSources: readSources({ sources: [source] }, shop.programs),
    refusalsPerMinute: 5,
  });
  const chunk = 'x'.repeat(65_536);
  const statuses: number[] = [];
  for (let count = 0; count < 12; count += 1) {
    const answer = await raw(
      gateway.origin,
      `POST /v1/payment-events/psp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${`10000\r\n${chunk}\r\n`.repeat(5)}0\r\n\r\n`,
      150,
    );
    statuses.push(Number(/HTTP\/1\.1 (\d+)/.exec(answer)?.[1]));
  }
  await gateway.close();
  expect(statuses).toContain(429);
});

describe('the address of a service that leads to a link-local one by translation', () => {
  it.each(['https://[64:ff9b::a9fe:a9fe]', 'https://[::a9fe:a9fe]', 'https://[::ffff:0:a9fe:a9fe]', 'https://[2002:a9fe:a9fe::1]'])(
    '%s is refused',
    (url) => {
      expect(isForbiddenHost(url)).toBe(true);
    },
  );
});

it('a list shows no control characters of a run that a stranger has started', () => {
  const text = listText(
    [{ program: 'p', redemptionId: 'r', status: 'needs-attention', store: '\u001b[2J\u001b[H all is well', reason: '\u001b]0;x\u0007' as never, startedAt: new Date().toISOString() }],
    false,
  );
  // eslint-disable-next-line no-control-regex
  expect(text.replaceAll('\u001b[2m', '')).not.toMatch(/\u001b\[2J|\u001b\]0/);
});
