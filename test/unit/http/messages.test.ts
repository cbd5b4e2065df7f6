/** What is said of a request without an answer: an error code. The words of a parser or a resolver quote what they read. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { requestJson } from '../../../src/http/request.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function garbage(): Promise<string> {
  const server = createServer((socket) => socket.end('HTTP/1.1 anna has 5 points\r\n\r\n'));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ['nobody listens', () => 'http://127.0.0.1:1'],
  ['the host has no address', () => 'http://anna.invalid'],
  ['the answer is no HTTP', garbage],
])('when %s', async (_, baseUrl) => {
  const request = { method: 'GET', baseUrl: await baseUrl(), path: '/x' } as const;
  await expect(requestJson(request)).rejects.toThrow(/^no whole answer \(\w+\)$/);
});
