import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { openSandbox, redemption } from './support.ts';

function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'journal');
}

describe('a sandbox with a data file', () => {
  it('knows all it committed when it starts again', async () => {
    const dataFile = newFile();
    const first = await openSandbox({ dataFile });
    await first.loyalife('pg-lm/API/PG/RedeemPoints', redemption, await first.token());
    await first.control('PUT', '/payments/coffee-club/sale-1', { status: 'captured' });
    await first.signed('fulfilment', 'DELETE', '/fulfilments/p/r', {
      headers: { 'idempotency-key': 'p:r:cancel' },
    });
    await first.whiteLabel('GET', '/events');
    const known = await first.ledger();
    await first.close();
    const second = await openSandbox({ dataFile });
    expect(await second.ledger()).toEqual(known);
    expect(known.violations).toHaveLength(1);
    const payment = await second.signed('payment', 'GET', '/payments/coffee-club/sale-1');
    expect(payment.body).toEqual({ status: 'captured' });
  });

  it('still runs the reactor of an event that was accepted just before the end', async () => {
    const dataFile = newFile();
    const first = await openSandbox({ dataFile });
    await first.control('POST', '/switches', { reactionDelayMs: 300 });
    await first.report();
    await first.close();
    const second = await openSandbox({ dataFile });
    await expect
      .poll(async () => (await second.ledger()).movements, { timeout: 2_000 })
      .toMatchObject([{ kind: 'deduct', points: -100 }]);
  });

  it('drops what it was killed in the middle of writing', async () => {
    const dataFile = newFile();
    const first = await openSandbox({ dataFile });
    const known = await first.ledger();
    await first.close();
    appendFileSync(dataFile, '[{"type":"movem');
    const second = await openSandbox({ dataFile });
    await second.control('POST', '/spend', {
      program: 'coffee-club',
      memberId: 'member-1',
      points: 1,
    });
    await second.close();
    const third = await openSandbox({ dataFile });
    expect(await third.ledger()).toMatchObject({ movements: [{ points: -1 }] });
    expect((await third.ledger()).members).toHaveLength(known.members.length);
  });

  it('refuses a file that is no journal in one sentence', async () => {
    const dataFile = newFile();
    writeFileSync(dataFile, 'notes\n');
    await expect(startSandbox({ dataFile })).rejects.toThrow(/^SANDBOX_DATA names a file/);
  });
});
