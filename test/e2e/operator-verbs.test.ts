import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../src/demo/child.ts';
import { newId, redeemWords, startProcesses, type Processes } from '../support/processes.ts';

let shop: Processes;
let worker: Child;

beforeAll(async () => {
  shop = await startProcesses();
  worker = await shop.startWorker();
});
afterAll(async () => {
  await worker.stop();
  await shop.stop();
});

const saleOf = (id: string) => ['--program', 'coffee-club', '--id', id];
const act = ['--by', 'dana', '--why', 'the outage is over', '--yes'];

/** A sale whose points the provider refuses to give back. */
async function stuckSale(): Promise<string> {
  const id = newId();
  await shop.run(redeemWords({ id }));
  await fetch(`${shop.sandboxOrigin}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ service: 'white-label-loyalty', call: 'restore', fault: 'refuse' }),
  });
  await shop.run(['void', ...saleOf(id)]);
  await untilStatus(id, 'needs-attention');
  return id;
}

async function untilStatus(id: string, status: string): Promise<void> {
  await expect
    .poll(async () => (await shop.json(['status', ...saleOf(id)])).answer['status'], {
      timeout: 30_000,
    })
    .toBe(status);
}

describe('the operator at the command line', () => {
  it('finds what needs attention, reads what to do, and mends it', async () => {
    const id = await stuckSale();
    await expect
      .poll(async () => (await shop.json(['list', '--needs-attention'])).answer['redemptions'], {
        timeout: 30_000,
      })
      .toMatchObject([
        { redemptionId: id, status: 'needs-attention', reason: 'restoration-refused' },
      ]);

    const { stdout } = await shop.run(['show', ...saleOf(id)]);
    expect(stdout).toContain('give them back at the provider by hand');
    expect(stdout).toContain(`npm run starter -- retry --program coffee-club --id ${id}`);
    expect(stdout).toContain('--as restored');

    const wrong = await shop.json(['resolve', ...saleOf(id), '--as', 'accept', ...act]);
    expect(wrong).toMatchObject({ code: 1, answer: { error: 'refused' } });
    expect(wrong.answer['message']).toContain('restored');

    expect((await shop.run(['retry', ...saleOf(id), ...act])).code).toBe(0);
    await untilStatus(id, 'compensated');
    const again = await shop.json(['retry', ...saleOf(id), ...act]);
    expect(again).toMatchObject({ code: 1, answer: { error: 'refused' } });
    const { stdout: story } = await shop.run(['show', ...saleOf(id)]);
    expect(story).toContain('dana: retry (the outage is over)');
  });

  it('mends all that an outage held up with one command', async () => {
    const ids = [await stuckSale(), await stuckSale()];
    const query = ['--query', "RedemptionReason = 'restoration-refused'"];
    await expect
      .poll(async () => (await shop.json(['retry', ...query, ...act])).answer['retried'], {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    for (const id of ids) {
      // The list of what waits is a moment behind, so one of them may have been missed.
      await shop.run(['retry', ...query, ...act]);
      await untilStatus(id, 'compensated');
    }
  });

  it('says what is missing', async () => {
    expect(await shop.json(['retry', ...act])).toMatchObject({
      code: 1,
      answer: { field: 'query' },
    });
    const unknown = await shop.json(['resolve', ...saleOf('nobody'), '--as', 'accept', ...act]);
    expect(unknown).toMatchObject({ code: 1, answer: { error: 'unknown-redemption' } });
    const nonsense = await shop.json(['resolve', ...saleOf('nobody'), '--as', 'magic', ...act]);
    expect(nonsense).toMatchObject({
      code: 1,
      answer: { error: 'invalid-request', field: 'resolution' },
    });
  });
});
