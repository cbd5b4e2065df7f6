/** A host name that passes the settings' check may lead to a link-local address all the same, also only later. */
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusingForbidden } from '../../../src/http/lookup.ts';
import { requestJson } from '../../../src/http/request.ts';

const server = createServer((_, response) => response.end('{}'));
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** Whoever holds the name answers so. */
const answering =
  (...addresses: readonly string[]): LookupFunction =>
  (_, { all }, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };

const ask = (...addresses: readonly string[]) =>
  request(`http://loyalty.example:${port}/`, {
    dispatcher: new Agent({
      connect: { timeout: 2_000, lookup: refusingForbidden(answering(...addresses)) },
    }),
  });

/** Nothing is connected to, so that no address of these is ever asked for anything. */
const resolved = (addresses: readonly string[], all = true) =>
  new Promise((resolve, reject) => {
    refusingForbidden(answering(...addresses))('loyalty.example', { all }, (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });

it.each([
  ['169.254.169.254'],
  ['fe80::1'],
  ['::ffff:169.254.169.254'],
  ['0.0.0.0'],
  ['fd00:ec2::254'],
  ['64:ff9b::a9fe:a9fe'],
  ['2002:a9fe:a9fe::1'],
  ['127.0.0.1', '169.254.169.254'],
])('is not followed there: %s', async (...addresses) => {
  await expect(resolved(addresses)).rejects.toMatchObject({ code: 'EFORBIDDENADDRESS' });
});

it('is not followed there when one address alone is asked for', async () => {
  expect(await resolved(['192.0.2.1'], false)).toBe('192.0.2.1');
  await expect(resolved(['169.254.169.254'], false)).rejects.toMatchObject({
    code: 'EFORBIDDENADDRESS',
  });
});

it('is not connected to, either', async () => {
  await expect(ask('0.0.0.0')).rejects.toMatchObject({ code: 'EFORBIDDENADDRESS' });
});

it('is followed to any other address', async () => {
  expect((await ask('127.0.0.1')).statusCode).toBe(200);
  const answer = await requestJson({
    method: 'GET',
    baseUrl: `http://localhost:${port}`,
    path: '/',
  });
  expect(answer).toMatchObject({ status: 200, body: {} });
});
