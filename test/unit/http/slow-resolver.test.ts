/** Time that is over before the host has an address: nothing is sent then, and nothing later. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { requestJson } from '../../../src/http/request.ts';

/** While this is held, a host name has no address yet. */
const resolver = vi.hoisted(() => ({ held: Promise.resolve(), asked: 0 }));
vi.mock(import('../../../src/http/lookup.ts'), () => ({
  lookupOfServices: (_host, { all }, callback) => {
    const found = { address: '127.0.0.1', family: 4 };
    resolver.asked += 1;
    void resolver.held.then(() => {
      if (all) callback(null, [found]);
      else callback(null, found.address, found.family);
    });
  },
}));

it.each([0, -5])('%i ms let nothing begin', async (timeoutMs) => {
  const call = requestJson({ method: 'POST', baseUrl: 'http://localhost:1', path: '/', timeoutMs });
  await expect(call).rejects.toMatchObject({ sent: false, isTooLarge: false });
  expect(resolver.asked).toBe(0);
});

it('what was given up meanwhile is not sent when the address comes', async () => {
  let release = (): void => {};
  resolver.held = new Promise((resolve) => (release = resolve));
  const urls: unknown[] = [];
  const server = createServer(({ url }, response) => {
    urls.push(url);
    response.end();
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const late = requestJson({ method: 'POST', baseUrl, path: '/late', timeoutMs: 20 });
  await expect(late).rejects.toMatchObject({ sent: false });
  release();
  await requestJson({ method: 'GET', baseUrl, path: '/next' });
  expect(urls).toEqual(['/next']);
});
