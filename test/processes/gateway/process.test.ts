/** The gateway as its users run it: a process of its own, with keys from the command line, stopped by SIGTERM. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { send } from '../../support/gateway/gateway.ts';
import { head, inARow } from '../../support/gateway/raw.ts';
import { newId } from '../../support/sales.ts';
import { startStack, type GatewayProcess, type Stack } from '../../support/stack.ts';

let stack: Stack;
let worker: Child;
const folder = mkdtempSync(join(tmpdir(), 'gateway-process-'));
const file = join(folder, 'keys.json');

beforeAll(async () => {
  stack = await startStack();
  worker = await stack.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await stack.stop();
  rmSync(folder, { recursive: true });
});

const create = (id: string, ...more: string[]) =>
  stack.json(['access-keys', 'create', '--file', file, '--id', id, ...more]);

async function keyOf(id: string, ...more: string[]): Promise<string> {
  const { code, answer } = await create(id, ...more);
  expect(code).toBe(0);
  return String(answer['key']);
}

const sale = () => ({
  program: 'coffee-club',
  redemptionId: newId(),
  member: 'member-1',
  points: 100,
  basket: { amount: '20.00', currency: 'GBP' },
  store: 'S1',
  till: 'T1',
});

describe('access-keys create', () => {
  it('shows a key once, and stores its hash alone, for its owner only', async () => {
    const key = await keyOf('till-1', '--scopes', 'quote,redeem', '--stores', 'S1,S2');
    expect(key).toMatch(/^prk_[\w-]{43}$/);
    const stored = readFileSync(file, 'utf8');
    expect(stored).not.toContain(key);
    expect(JSON.parse(stored)).toMatchObject({
      keys: [{ id: 'till-1', scopes: ['quote', 'redeem'], stores: ['S1', 'S2'] }],
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('writes the prefixes of ids and the expiry, which a further key must name again', async () => {
    const words = [
      '--scopes',
      'redeem',
      '--stores',
      'S1',
      '--id-prefix',
      'A-',
      '--id-prefix',
      'B-',
    ];
    await keyOf('till-9', ...words, '--expires', '90d');
    const entry = () =>
      (JSON.parse(readFileSync(file, 'utf8')) as { keys: Record<string, unknown>[] }).keys.find(
        ({ id }) => id === 'till-9',
      );
    expect(entry()).toMatchObject({ idPrefixes: ['A-', 'B-'], expires: expect.any(String) });
    const days = (Date.parse(String(entry()?.['expires'])) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(90);
    const silent = await create('till-9');
    expect(silent.code).toBe(1);
    expect(silent.answer['message']).toContain('--expires is required');
    await keyOf('till-9', '--expires', 'never');
    expect(entry()).not.toHaveProperty('expires');
  });

  it('refuses what would open nothing, and changes nothing', async () => {
    const before = readFileSync(file, 'utf8');
    const refused = [
      [await create('till-2'), 'scopes'],
      [await create('till-2', '--scopes', 'everything'), 'scopes[0]'],
      [await create('till 2', '--scopes', 'read'), 'id'],
    ] as const;
    for (const [{ code, answer }, named] of refused) {
      expect(code).toBe(1);
      expect(answer['message']).toContain(named);
    }
    expect(readFileSync(file, 'utf8')).toBe(before);
  });
});

describe('a setting that is missing or malformed stops the gateway with one sentence', () => {
  it.each([
    ['GATEWAY_ACCESS_KEYS is not set', {}],
    ['GATEWAY_ACCESS_KEYS (/nowhere/keys.json) cannot be read', { keys: '/nowhere/keys.json' }],
    ['GATEWAY_PORT is http', { GATEWAY_PORT: 'http' }],
    ['GATEWAY_PAYMENT_SOURCES (/nowhere.json) cannot be read', { sources: '/nowhere.json' }],
    ['GATEWAY_HOST', { GATEWAY_HOST: '192.0.2.1' }],
  ])('%s', async (sentence, { keys, sources, ...settings }: Record<string, string>) => {
    await keyOf('any', '--scopes', 'read');
    const started = stack.startGateway({
      GATEWAY_ACCESS_KEYS: keys ?? (sentence.includes('is not set') ? '' : file),
      GATEWAY_PAYMENT_SOURCES: sources ?? '',
      ...settings,
    });
    const error = (await started.catch((reason: unknown) => reason)) as Error;
    const [, ...printed] = error.message.split('\n');
    expect(printed).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('a running gateway', () => {
  let gateway: GatewayProcess;
  beforeAll(async () => {
    await keyOf('pos', '--scopes', 'quote,redeem,read,payments');
    gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: file });
  });
  afterAll(() => gateway.child.stop());

  const read = (key: string) =>
    send(gateway.origin, 'GET', '/v1/redemptions/coffee-club/R-unknown', { key });

  it('is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await send(gateway.origin, 'GET', path)).status).toBe(200);
  });

  it('takes the last two keys of an id, without a restart', async () => {
    const first = await keyOf('rotated', '--scopes', 'read');
    await vi.waitFor(async () => expect((await read(first)).status).toBe(404), 10_000);
    const second = await keyOf('rotated');
    await vi.waitFor(async () => expect((await read(second)).status).toBe(404), 10_000);
    expect((await read(first)).status).toBe(404);
    await keyOf('rotated');
    await vi.waitFor(async () => expect((await read(first)).status).toBe(401), 10_000);
    expect((await read(second)).status).toBe(404);
  });
});

describe('SIGTERM in the middle of a redemption', () => {
  it('lets it be answered, takes no more, and ends with exit code 0', async () => {
    const key = await keyOf('draining', '--scopes', 'redeem,read');
    const gateway = await stack.startGateway({ GATEWAY_ACCESS_KEYS: file });
    await slowDeduction();
    const silent = await hangingConnection(gateway, '');
    const stalled = await hangingConnection(
      gateway,
      head('POST /v1/redemptions HTTP/1.1', {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        'Content-Length': 100,
      }),
    );
    const request = sale();
    const asked = send(gateway.origin, 'POST', '/v1/redemptions', {
      key,
      body: request,
      headers: { prefer: 'wait=20' },
    });
    const path = `/v1/redemptions/coffee-club/${request.redemptionId}`;
    await vi.waitFor(
      async () =>
        expect((await send(gateway.origin, 'GET', path, { key })).body['status']).toBe('deducting'),
      10_000,
    );
    // No answer is owed to a till that hung up, nor to the request that stood behind its first.
    const repeated = ['/v1/redemptions', request] as const;
    const gone = await hangingConnection(gateway, inARow(key, [repeated, repeated]));
    await new Promise<void>((sent) => gone.end(sent));
    gone.destroy();
    const stopped = gateway.child.stop();
    await vi.waitFor(
      () => expect(send(gateway.origin, 'GET', '/healthz')).rejects.toThrow('fetch failed'),
      10_000,
    );
    expect(await asked).toMatchObject({ status: 201, body: { granted: true } });
    await stopped;
    expect(await gateway.child.exitCode).toBe(0);
    silent.destroy();
    stalled.destroy();
  });
});

async function hangingConnection({ origin }: GatewayProcess, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  // It is cut off in the end.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

const slowDeduction = () =>
  stack.sandbox.fault({
    service: 'white-label-loyalty',
    call: 'deduct',
    fault: 'slow',
    delayMs: 4_000,
  });
