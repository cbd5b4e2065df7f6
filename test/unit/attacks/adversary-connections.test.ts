/** A stranger without a token keeps readers from the codec server no longer than for some seconds, as SECURITY.md says. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startCodecServer } from '../../support/codec-server.ts';

it('256 idle connections of a stranger are closed within some seconds', async () => {
  const codecServer = await startCodecServer();
  const { port, hostname } = new URL(codecServer.origin);
  const sockets = Array.from({ length: 256 }, () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
    return socket;
  });
  await delay(20_000);
  const reader = await fetch(`${codecServer.origin}/healthz`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ status }) => status,
    () => 'refused',
  );
  for (const socket of sockets) socket.destroy();
  await codecServer.close();
  expect(reader).toBe(200);
}, 60_000);
