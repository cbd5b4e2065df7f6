/** A worker that is killed with points half taken: another one finds out, while the till still waits. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { awaited } from '../../support/awaited.ts';
import { bothPrograms, providerOf } from '../../support/program-variants.ts';
import { newId, redeemWords } from '../../support/sales.ts';
import { startStack, type Stack } from '../../support/stack.ts';

let stack: Stack;
let worker: Child;

beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => worker.stop());
afterAll(() => stack.stop());

it.each(bothPrograms)(
  'a deduction of %s whose worker was killed is found, and granted by another worker in time',
  async (program) => {
    const first = await stack.startWorker();
    const service = providerOf(program);
    await stack.sandbox.fault({ service, call: 'deduct', fault: 'hang-after-commit' });
    const id = newId();
    const answer = stack.json(redeemWords({ program, id, basket: '200.00' }));
    await awaited('the deduction', async () => (await stack.sandbox.faults()).at(-1)?.fired === 1);
    await first.kill();
    worker = await stack.startWorker();
    expect(await answer).toMatchObject({
      code: 0,
      answer: { status: 'awaiting-payment', granted: true },
    });
    const { movements } = await stack.sandbox.ledger();
    const reference = (await answer).answer['providerReference'];
    expect(movements.at(-1)).toMatchObject({ points: -500, reference });
  },
);
