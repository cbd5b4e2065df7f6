import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { newId, redeemWords } from '../../support/sales.ts';
import { serverPath } from '../../support/servers.ts';
import { startStack, type Stack } from '../../support/stack.ts';
import { openWay } from '../../support/standstill.ts';

let stack: Stack;
let worker: Child;

beforeAll(async () => {
  stack = await startStack();
  worker = await stack.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await stack.stop();
});

describe('the command line', () => {
  it.each(['coffee-club', 'travel-miles'])(
    'takes a sale of %s from redeem to completed',
    async (program) => {
      const id = newId();
      const sale = ['--program', program, '--id', id];
      const currency = program === 'coffee-club' ? 'GBP' : 'INR';
      const discount = { amount: program === 'coffee-club' ? '5.00' : '125.00', currency };
      const first = await stack.json(redeemWords({ program, id, basket: '200.00' }));
      expect(first.code).toBe(0);
      expect(first.answer).toEqual({
        program,
        redemptionId: id,
        status: 'awaiting-payment',
        granted: true,
        points: 500,
        discount,
        providerReference: expect.any(String),
      });
      expect(
        await stack.run(['capture', ...sale, '--event', 'evt-1', '--payment', 'pay-1']),
      ).toMatchObject({ code: 0 });
      const ended = await stack.json(['wait', ...sale, '--timeout', '30s']);
      expect(ended).toMatchObject({ code: 0, answer: { status: 'completed', granted: true } });
      expect((await stack.json(['status', ...sale])).answer).toEqual(ended.answer);
      const { movements } = await stack.sandbox.ledger();
      const reference = first.answer['providerReference'];
      expect(movements.filter((movement) => movement.reference === reference)).toMatchObject([
        { points: -500 },
      ]);
    },
  );

  it('exits with 2 when nothing is granted, and says why', async () => {
    const { code, stdout } = await stack.run(redeemWords({ member: 'member-poor' }));
    expect(code).toBe(2);
    expect(stdout).toContain('not granted');
    expect(stdout).toContain('the member has 50 points, not 500');
  });

  it('voids a sale, and tells its story to people', async () => {
    const id = newId();
    const sale = ['--program', 'coffee-club', '--id', id];
    await stack.run(redeemWords({ id }));
    expect(await stack.run(['void', ...sale, '--reason', 'the customer left'])).toMatchObject({
      code: 0,
    });
    const { stdout } = await stack.run(['wait', ...sale, '--timeout', '30s']);
    expect(stdout).toContain('compensated (payment-voided)');
    expect(stdout).toContain('500 points given back');
    expect(await stack.json(redeemWords({ id }))).toMatchObject({
      code: 2,
      answer: { status: 'compensated', granted: false },
    });
  });

  it('quotes, lists and sets up', async () => {
    const quote = await stack.json([
      'quote',
      '--program',
      'coffee-club',
      '--member',
      'member-2',
      '--amount',
      '5.00',
    ]);
    expect(quote).toMatchObject({
      code: 0,
      answer: { redeemable: true, points: 500, balance: 5_000 },
    });
    await stack.run(redeemWords({ id: 'listed', store: 'S99' }));
    await expect
      .poll(async () => (await stack.json(['list', '--store', 'S99'])).answer['redemptions'], {
        timeout: 20_000,
      })
      .toMatchObject([{ redemptionId: 'listed', status: 'awaiting-payment', store: 'S99' }]);
    for (const _ of ['once', 'again'])
      expect(await stack.json(['setup'])).toMatchObject({ code: 0, answer: { retention: '30d' } });
  });

  it('takes plain JSON from the Temporal command line, and is not harmed by nonsense', async () => {
    const id = newId();
    await stack.run(redeemWords({ id }));
    const signal = (name: string, input: string) =>
      promisify(execFile)(serverPath('TEMPORAL_CLI_PATH'), [
        'workflow',
        'signal',
        `--address=${stack.server.address}`,
        `--workflow-id=redemption:coffee-club:${id}`,
        `--name=${name}`,
        `--input=${input}`,
      ]);
    await signal('paymentVoided', '"nonsense"');
    await signal('paymentCaptured', '{"eventId": "evt_2"}');
    const ended = await stack.json([
      'wait',
      '--program',
      'coffee-club',
      '--id',
      id,
      '--timeout',
      '30s',
    ]);
    expect(ended.answer).toMatchObject({ status: 'completed' });
  });

  it('prints help with examples', async () => {
    const { code, stdout } = await stack.run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Examples');
    expect(stdout).toContain('Exit codes');
  });
});

describe('processes', () => {
  it('answers a till by its deadline without a worker, and deducts nothing when one comes back', async () => {
    await worker.stop();
    const id = newId();
    const before = (await stack.sandbox.ledger()).movements.length;
    const late = await stack.json(redeemWords({ id, 'deduct-by': '1s' }));
    expect(late).toMatchObject({ code: 2, answer: { granted: false, reason: 'too-late' } });
    worker = await stack.startWorker();
    const ended = await stack.json([
      'wait',
      '--program',
      'coffee-club',
      '--id',
      id,
      '--timeout',
      '30s',
    ]);
    expect(ended.answer).toMatchObject({ status: 'declined', granted: false });
    expect((await stack.sandbox.ledger()).movements).toHaveLength(before);
  });

  it('answers a till when Temporal stands still, and takes nothing', async () => {
    const way = await openWay(stack.server.address);
    way.standStill();
    const words = redeemWords({ 'deduct-by': '1s', 'sale-time': new Date().toISOString() });
    const told = await stack.json(words, { TEMPORAL_ADDRESS: way.address });
    expect(told).toMatchObject({ code: 1, answer: { error: 'unavailable' } });
    await way.close();
  });

  it('a worker that is told to stop finishes the deduction that it has begun', async () => {
    const id = newId();
    await stack.sandbox.fault({
      service: 'white-label-loyalty',
      call: 'deduct',
      fault: 'slow',
      delayMs: 2_000,
    });
    const answer = stack.json(redeemWords({ id }));
    await expect
      .poll(
        async () =>
          (await stack.json(['status', '--program', 'coffee-club', '--id', id])).answer['status'],
        {
          timeout: 20_000,
        },
      )
      .toBe('deducting');
    const stopped = worker.stop();
    const second = await stack.startWorker();
    expect(await answer).toMatchObject({ code: 0, answer: { granted: true } });
    await stopped;
    worker = second;
  });
});
