/** Settings that would show secrets, members that would be a path, and the file of access keys. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { followAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { accessKeyFinder, newKey, type AccessKey } from '../../../src/gateway/access-keys.ts';
import { createClient } from '../../../src/loyalty/white-label-loyalty/client.ts';
import { readPrograms, sandboxPrograms } from '../../../src/programs/programs.ts';
import { idSchema } from '../../../src/schemas/redemption.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { closedShop } from '../../support/gateway/unreachable-temporal.ts';
import { CaughtLog } from '../../support/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'attacks-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a URL that would show secrets', () => {
  const environment = { KEY: 'real-key', SECRET: 'real-secret', NOTIFY: `whsec_${'A'.repeat(32)}` };
  const program = {
    id: 'real',
    provider: 'white-label-loyalty',
    currency: 'GBP',
    baseUrl: 'https://loyalty.example/v1',
    apiKey: 'env:KEY',
    deduction: { eventType: 'REDEEMED_POINTS', secret: 'env:SECRET' },
    restoration: { eventType: 'POINTS_REFUND', secret: 'env:SECRET' },
    rate: { value: '0.01' },
  };
  const service = (url: string) => ({ kind: 'http', url, secret: 'env:SECRET' });
  const notified = (notifyUrl: string) => ({ notifyUrl, notifySecret: 'env:NOTIFY' });
  const read = (changed: object) => {
    const file = join(folder, 'programs.json');
    writeFileSync(file, JSON.stringify({ programs: [{ ...program, ...changed }] }));
    return readPrograms(file, environment);
  };

  it.each([
    ['baseUrl', (url: string) => ({ baseUrl: url })],
    ['payment.url', (url: string) => ({ payment: service(url) })],
    ['fulfilment.url', (url: string) => ({ fulfilment: service(url) })],
    ['notifyUrl', notified],
  ])('is refused as %s', (field, change) => {
    for (const host of ['loyalty.example', '10.0.0.5', '127.0.0.1.evil.example', '[fd00::1]'])
      expect(() => read(change(`http://${host}/v1`))).toThrow(`${field} must be https`);
    for (const host of [
      '169.254.169.254',
      '2852039166',
      '0xa9.0xfe.0xa9.0xfe',
      '[fe80::1]',
      '[::ffff:169.254.169.254]',
      '0.0.0.0',
      '[::]',
      'metadata.google.internal',
      '[fd00:ec2::254]',
      // By translation.
      '[::a9fe:a9fe]',
      '[::ffff:0:a9fe:a9fe]',
      '[64:ff9b::a9fe:a9fe]',
      '[64:ff9b:1::a9fe:a9fe]',
      '[64:ff9b:1:a9fe:a9:fe00::]',
      '[64:ff9b:1:a9:fe:a9fe::]',
      '[64:ff9b:1:0:a9:fea9:fe00:0]',
      '[2002:a9fe:a9fe::1]',
      '[2001:0:4136:e378:8000:63bf:5601:5601]',
    ])
      for (const scheme of ['http', 'https'])
        expect(() => read(change(`${scheme}://${host}/v1`))).toThrow(
          `${field} must not be a link-local`,
        );
    for (const origin of [
      'https://a.example',
      'https://[2606:4700::1111]',
      'https://[64:ff9b::c000:201]',
      'https://[64:ff9b:1::c000:201]',
      'http://localhost:1',
      'http://127.0.0.2',
      'http://[::1]',
    ])
      expect(read(change(`${origin}/v1`)).size).toBe(1);
  });

  it('may be that of a sandbox elsewhere, whose credentials are public', () => {
    expect(sandboxPrograms('http://sandbox:4010').size).toBe(2);
    expect(() => sandboxPrograms('http://169.254.169.254')).toThrow('link-local');
  });
});

describe('a member or an id that is a part of a path', () => {
  it('is never sent as one', async () => {
    const seen: (string | undefined)[] = [];
    const provider = createServer(({ url }, response) => {
      seen.push(url);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"userId":"u1","points":5}');
    });
    await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening));
    const { port } = provider.address() as AddressInfo;
    const baseUrl = `http://127.0.0.1:${port}`;
    const client = createClient({ baseUrl, apiKey: 'key', walletPointer: '/points' });
    try {
      for (const member of ['.', '..'])
        await expect(client.wallet(member)).rejects.toMatchObject({
          kind: 'refused',
          refusal: 'member-unknown',
        });
      expect(await client.event('..')).toBeUndefined();
      await client.wallet('../admin');
      await client.wallet('%2e%2e');
      expect(seen).toEqual(['/users/..%2Fadmin/wallet', '/users/%252e%252e/wallet']);
    } finally {
      provider.closeAllConnections();
      provider.close();
    }
  });

  it('is no redemption id, store or program', () => {
    for (const id of ['.', '..']) expect(idSchema.safeParse(id).success).toBe(false);
    expect(idSchema.safeParse('...').success).toBe(true);
  });
});

describe('access keys', () => {
  afterEach(() => vi.useRealTimers());
  const programs = closedShop().programs;
  const file = join(folder, 'keys.json');
  const entry = (id: string, hash: string, more: Partial<AccessKey> = {}): AccessKey => ({
    id,
    scopes: ['read'],
    hashes: [hash],
    ...more,
  });
  const write = (...keys: object[]) => writeFileSync(file, JSON.stringify({ keys }));
  const follow = () => {
    const log = new CaughtLog();
    return { log, keys: followAccessKeys(file, programs, pino({}, log)) };
  };

  it('are found as fast among 20,000 as among ten', () => {
    const last = newKey();
    const many = Array.from({ length: 20_000 }, (_, n) => entry(`k${n}`, newKey().hash));
    const find = accessKeyFinder([...many, entry('last', last.hash)]);
    const started = performance.now();
    for (let count = 0; count < 2_000; count += 1) find(last.secret);
    // One after the other, as before, these took half a minute.
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(find(last.secret)?.id).toBe('last');
    expect(find(newKey().secret)).toBeUndefined();
  });

  it('end when they expire', () => {
    const { secret, hash } = newKey();
    const now = Date.now();
    const find = accessKeyFinder([
      entry('a', hash, { expires: new Date(now + 60_000).toISOString() }),
    ]);
    expect(find(secret)?.id).toBe('a');
    vi.useFakeTimers({ now: now + 60_001 });
    expect(find(secret)).toBeUndefined();
  });

  it('are all revoked by an empty list at once, and by a deleted file after seconds', () => {
    vi.useFakeTimers();
    const { secret, hash } = newKey();
    write(entry('a', hash));
    const { log, keys } = follow();
    try {
      write();
      vi.advanceTimersByTime(1_000);
      expect(keys.find(secret)).toBeUndefined();

      write(entry('a', hash));
      vi.advanceTimersByTime(1_000);
      expect(keys.find(secret)?.id).toBe('a');

      rmSync(file);
      vi.advanceTimersByTime(3_000);
      expect(log.take()).toContain('is missing');
      // Whoever replaces a file may delete it first.
      expect(keys.find(secret)?.id).toBe('a');
      vi.advanceTimersByTime(4_000);
      expect(keys.find(secret)).toBeUndefined();
      expect(log.take()).toContain('every key is refused');
      vi.advanceTimersByTime(120_000);
      expect(log.take()).toContain('is missing');

      write(entry('a', hash));
      vi.advanceTimersByTime(1_000);
      expect(keys.find(secret)?.id).toBe('a');
    } finally {
      keys.stop();
    }
  });

  it('stay in use beside a file with a mistake, which is logged again and again', () => {
    vi.useFakeTimers();
    const { secret, hash } = newKey();
    write(entry('a', hash));
    const { log, keys } = follow();
    try {
      writeFileSync(file, 'oops');
      for (let minute = 0; minute < 3; minute += 1) {
        vi.advanceTimersByTime(61_000);
        expect(log.take()).toContain('is not JSON');
      }
      expect(keys.find(secret)?.id).toBe('a');
    } finally {
      keys.stop();
    }
  });

  it('have their last use in the log, and never themselves', () => {
    vi.useFakeTimers();
    const [used, unused] = [newKey(), newKey()];
    write(entry('used', used.hash), entry('unused', unused.hash));
    const { log, keys } = follow();
    keys.find(used.secret);
    vi.advanceTimersByTime(3_600_000);
    keys.stop();
    const text = log.take();
    expect(text).toContain('{"id":"unused","used":"never"}');
    expect(text).toMatch(/\{"id":"used","used":"\d{4}-/);
    expect(text).not.toContain('prk_');
    expect(text).not.toContain('sha256');
  });
});

it('who asks without a valid key is in the log, with an address', async () => {
  const gateway = await openGateway(closedShop());
  try {
    await gateway.get('/v1/redemptions/coffee-club/R-1', { key: newKey().secret });
    expect(gateway.takeLog()).toContain('"address":"127.0.0.1"');
    await gateway.post('/v1/quotes', {});
    expect(gateway.takeLog()).not.toContain('"address"');
  } finally {
    await gateway.close();
  }
});
