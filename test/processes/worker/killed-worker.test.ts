/** A worker that is killed with points half taken: another one finds out, while the till still waits. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { awaited } from '../../support/awaited.ts';
import { newId, redeemWords, startProcesses, type Processes } from '../../support/processes.ts';

let shop: Processes;
let worker: Child;

beforeAll(async () => {
  shop = await startProcesses();
});
afterEach(() => worker.stop());
afterAll(() => shop.stop());

async function sandbox(
  method: 'GET' | 'POST',
  body?: object,
): Promise<{ faults: { fired: number }[] }> {
  const response = await fetch(`${shop.sandboxOrigin}/faults`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return (await response.json()) as { faults: { fired: number }[] };
}

it.each(['coffee-club', 'travel-miles'])(
  'a deduction of %s whose worker was killed is found, and granted by another worker in time',
  async (program) => {
    const first = await shop.startWorker();
    const service = program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
    await sandbox('POST', { service, call: 'deduct', fault: 'hang-after-commit' });
    const id = newId();
    const answer = shop.json(redeemWords({ program, id, basket: '200.00' }));
    await awaited('the deduction', async () => (await sandbox('GET')).faults.at(-1)?.fired === 1);
    await first.kill();
    worker = await shop.startWorker();
    expect(await answer).toMatchObject({
      code: 0,
      answer: { status: 'awaiting-payment', granted: true },
    });
    const { movements } = await shop.ledger();
    const reference = (await answer).answer['providerReference'];
    expect(movements.at(-1)).toMatchObject({ points: -500, reference });
  },
);
