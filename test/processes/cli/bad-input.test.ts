import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { newId, redeemWords } from '../../support/sales.ts';
import { startStack, type Stack } from '../../support/stack.ts';

let stack: Stack;
let worker: Child;
let folder: string;

beforeAll(async () => {
  stack = await startStack();
  worker = await stack.startWorker();
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
});
afterAll(async () => {
  await worker.stop();
  await stack.stop();
  await rm(folder, { recursive: true });
});

describe('bad input is refused in a sentence, and nothing is deducted', () => {
  it.each([
    ['an unknown program', { program: 'no-such' }, 'program'],
    ['a malformed id', { id: 'a b' }, 'redemptionId'],
    ['0 points', { points: '0' }, 'points'],
    ['-1 points', { points: '-1' }, 'points'],
    ['1.5 points', { points: '1.5' }, 'points'],
    ['10^12 points', { points: '1000000000000' }, 'points'],
    ['"ten" points', { points: 'ten' }, 'points'],
    ['points and amount', { amount: '5.00' }, 'points'],
    ['neither points nor amount', { points: undefined }, 'points'],
    ['an amount with three decimals', { points: undefined, amount: '5.001' }, 'amount'],
    ['an amount of words', { points: undefined, amount: 'five' }, 'amount'],
    ['a foreign currency', { points: undefined, amount: '5.00 EUR' }, 'amount'],
    ['a basket below the amount', { points: undefined, amount: '20.01' }, 'basket'],
    ['a basket below the worth of the points', { points: '2001' }, 'basket'],
    ['a basket below it at a configured rate', { program: 'travel-miles', points: '81' }, 'basket'],
    ['a member of 10 kB', { member: 'm'.repeat(10_240) }, 'member'],
    ['a malformed store', { store: 'S/12' }, 'store'],
    ['a deadline out of bounds', { 'deduct-by': '11m' }, 'deductByMs'],
    ['a deadline of words', { 'deduct-by': 'soon' }, 'deductBy'],
    ['a sale of last year', { 'sale-time': '2025-01-01T10:00:00Z' }, 'saleTime'],
  ])('%s', async (_, changed: Record<string, string | undefined>, field) => {
    const before = (await stack.sandbox.ledger()).movements.length;
    const { code, answer, stderr } = await stack.json(redeemWords(changed));
    expect(code).toBe(1);
    expect(answer).toMatchObject({ error: 'invalid-request', field });
    expect(answer['message']).toMatch(new RegExp(`^${field} .{10,}\\.$`));
    expect(answer['message']).not.toContain('missing');
    expect(stderr).toBe('');
    expect((await stack.sandbox.ledger()).movements).toHaveLength(before);
  });

  it('other content under the same id', async () => {
    const id = newId();
    await stack.run(redeemWords({ id }));
    expect(await stack.json(redeemWords({ id, till: 'T4' }))).toMatchObject({
      code: 1,
      answer: { error: 'conflict' },
    });
  });

  it('a void and a capture of an unknown redemption', async () => {
    for (const verb of ['void', 'capture', 'status'])
      expect(await stack.json([verb, '--program', 'coffee-club', '--id', 'nobody'])).toMatchObject({
        code: 1,
        answer: { error: 'unknown-redemption' },
      });
  });

  it('a missing option and an unknown one', async () => {
    const missing = await stack.run(redeemWords({ store: undefined }));
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toContain('--store');
    expect((await stack.run([...redeemWords(), '--frobnicate'])).stderr).toContain('--frobnicate');
  });

  const program = {
    id: 'book-club',
    provider: 'white-label-loyalty',
    currency: 'GBP',
    baseUrl: 'http://127.0.0.1:1/v1',
    apiKey: 'env:BOOK_CLUB_KEY',
    deduction: { eventType: 'REDEEMED_POINTS', secret: 'env:BOOK_CLUB_KEY' },
    restoration: { eventType: 'POINTS_REFUND', secret: 'env:BOOK_CLUB_KEY' },
    rate: { value: '0.01' },
  };
  const { baseUrl: _, ...withoutBaseUrl } = program;

  it.each([
    ['a file that is not there', undefined, /programs\.json\) cannot be read/],
    ['a file that is no JSON', '{', /is not JSON/],
    ['a missing field', { programs: [withoutBaseUrl] }, /programs\[0\]\.baseUrl is missing/],
    [
      'an unset env: name',
      { programs: [{ ...program, apiKey: 'env:NOT_SET' }] },
      /variable NOT_SET is not set/,
    ],
    [
      'a secret in the clear',
      { programs: [{ ...program, apiKey: 'abc' }] },
      /apiKey holds a secret in the clear/,
    ],
    [
      'an unknown field',
      { programs: [{ ...program, colour: 'red' }] },
      /programs\[0\]\.colour is not a known field/,
    ],
  ])('a programs file: %s', async (_, content, message) => {
    const file = join(folder, `${newId()}-programs.json`);
    if (content !== undefined)
      await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const { code, stdout, stderr } = await stack.run(redeemWords(), {
      REDEMPTION_PROGRAMS: file,
      BOOK_CLUB_KEY: 'key',
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('Temporal that is not reachable', async () => {
    const { code, stderr } = await stack.run(redeemWords(), { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Temporal is not reachable at 127\.0\.0\.1:1: .*TEMPORAL_ADDRESS\.\n$/);
  });
});
