import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { compiledStarter } from '../../support/compiled.ts';
import { newId, newSale, redeemWords } from '../../support/sales.ts';
import { startStack, type Stack } from '../../support/stack.ts';

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

const saleOf = (id: string) => ['--program', 'coffee-club', '--id', id];
const act = ['--by', 'dana', '--why', 'the outage is over', '--yes'];

/** A sale whose points the provider refuses to give back. */
async function stuckSale(): Promise<string> {
  const sale = newSale();
  const id = sale.redemptionId;
  await stack.redemptions.redeem(sale);
  await stack.sandbox.fault({ service: 'white-label-loyalty', call: 'restore', fault: 'refuse' });
  await stack.redemptions.void({ program: 'coffee-club', redemptionId: id });
  await untilStatus(id, 'needs-attention');
  return id;
}

/** At a terminal of its own, as util-linux's `script` makes one, with this answer typed. */
function atTerminal(
  words: readonly string[],
  answer: string,
): Promise<{ code: number; stdout: string }> {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const command = `"${process.execPath}" "${compiledStarter}" ${quoted}`;
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...process.env, NO_COLOR: '1', ...stack.environment },
      timeout: 40_000,
    });
    let stdout = '';
    let isAnswered = false;
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      if (isAnswered || !stdout.includes('[y/N]')) return;
      isAnswered = true;
      child.stdin.write(`${answer}\n`);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout }));
  });
}

async function untilStatus(id: string, status: string): Promise<void> {
  await expect
    .poll(
      async () =>
        (await stack.redemptions.status({ program: 'coffee-club', redemptionId: id })).status,
      {
        timeout: 30_000,
      },
    )
    .toBe(status);
}

describe('the operator at the command line', () => {
  it('finds what needs attention, reads what to do, and repairs it', async () => {
    const id = await stuckSale();
    await expect
      .poll(async () => (await stack.json(['list', '--needs-attention'])).answer['redemptions'], {
        timeout: 30_000,
      })
      .toMatchObject([
        { redemptionId: id, status: 'needs-attention', reason: 'restoration-refused' },
      ]);

    const { stdout } = await stack.run(['show', ...saleOf(id)]);
    expect(stdout).toContain('give them back at the provider by hand');
    expect(stdout).toContain(`npm run starter -- retry --program coffee-club --id ${id}`);
    expect(stdout).toContain('--as restored');

    const wrong = await stack.json(['resolve', ...saleOf(id), '--as', 'accept', ...act]);
    expect(wrong).toMatchObject({ code: 1, answer: { error: 'refused' } });
    expect(wrong.answer['message']).toContain('restored');

    expect((await stack.run(['retry', ...saleOf(id), ...act])).code).toBe(0);
    await untilStatus(id, 'compensated');
    const again = await stack.json(['retry', ...saleOf(id), ...act]);
    expect(again).toMatchObject({ code: 1, answer: { error: 'refused' } });
    const { stdout: story } = await stack.run(['show', ...saleOf(id)]);
    expect(story).toContain('dana: retry (the outage is over)');
  });

  it('retries all that an outage held up with one command', async () => {
    const ids = [await stuckSale(), await stuckSale()];
    const query = ['--query', "RedemptionReason = 'restoration-refused'"];
    await expect
      .poll(async () => (await stack.json(['retry', ...query, ...act])).answer['retried'], {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    for (const id of ids) {
      // The list of what waits is a moment behind, so one of them may have been missed.
      await stack.run(['retry', ...query, ...act]);
      await untilStatus(id, 'compensated');
    }
  });

  it('says what is missing', async () => {
    expect(await stack.json(['retry', ...act])).toMatchObject({
      code: 1,
      answer: { field: 'query' },
    });
    const unknown = await stack.json(['resolve', ...saleOf('nobody'), '--as', 'accept', ...act]);
    expect(unknown).toMatchObject({ code: 1, answer: { error: 'unknown-redemption' } });
    const nonsense = await stack.json(['resolve', ...saleOf('nobody'), '--as', 'magic', ...act]);
    expect(nonsense).toMatchObject({
      code: 1,
      answer: { error: 'invalid-request', field: 'resolution' },
    });
  });

  it('asks before it changes anything, and a no changes nothing', async () => {
    const id = await stuckSale();
    const words = ['retry', ...saleOf(id), '--by', 'dana', '--why', 'fixed'];
    const refused = await stack.json(words);
    expect(refused).toMatchObject({ code: 1, answer: { error: 'invalid-request', field: 'yes' } });
    expect(refused.answer['message']).toContain('--yes');

    const no = await atTerminal(words, 'n');
    expect(no.stdout).toContain(
      `retry ${id} in coffee-club: needs-attention (restoration-refused), 500 points for 5.00 GBP`,
    );
    expect(no).toMatchObject({ code: 1, stdout: expect.stringContaining('Nothing was changed.') });
    const { stdout: story } = await stack.run(['show', ...saleOf(id)]);
    expect(story).not.toContain('dana: retry');

    expect((await atTerminal(words, 'y')).code).toBe(0);
    await untilStatus(id, 'compensated');
  });

  it('says how many a query would tell, and tells none after a no', async () => {
    const id = await stuckSale();
    await expect
      .poll(async () => (await stack.json(['list', '--needs-attention'])).stdout, {
        timeout: 30_000,
      })
      .toContain(id);
    const query = ['retry', '--query', `WorkflowId = 'redemption:coffee-club:${id}'`];
    const words = [...query, '--by', 'dana', '--why', 'fixed'];
    const no = await atTerminal(words, 'n');
    expect(no.stdout).toContain(
      'retry every sale that needs attention and matches the query: 1 at present',
    );
    expect(no.code).toBe(1);
    expect((await stack.run([...words, '--yes'])).stdout).toContain('1 retried');
    await untilStatus(id, 'compensated');
  });

  it('lists by age and says when the list was cut off', async () => {
    const ids = [newId(), newId()];
    for (const id of ids) await stack.run(redeemWords({ id, store: 'S-age' }));
    const list = async (...words: string[]) =>
      (await stack.json(['list', '--store', 'S-age', ...words])).answer;
    await expect
      .poll(async () => (await list())['redemptions'], { timeout: 30_000 })
      .toHaveLength(2);
    expect(await list('--newer-than', '1h')).toMatchObject({ more: false });
    expect(await list('--older-than', '1h')).toEqual({ redemptions: [], more: false });
    expect(await list('--limit', '1')).toMatchObject({ redemptions: [{}], more: true });
    const { stdout } = await stack.run(['list', '--store', 'S-age', '--limit', '1']);
    expect(stdout).toContain('--limit shows more');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });

  it.each([
    ['--status', 'stuck', 'status', 'needs-attention'],
    ['--reason', "x' OR '1'='1", 'reason', 'late-capture'],
    ['--program', 'no-such', 'program', 'coffee-club'],
    ['--store', "S'1", 'store', 'A-Z'],
    ['--older-than', 'soon', 'olderThan', '15m'],
    ['--limit', '0', 'limit', '999'],
  ])('refuses list %s %s', async (option, value, field, right) => {
    const { code, answer } = await stack.json(['list', option, value]);
    expect({ code, error: answer['error'], field: answer['field'] }).toEqual({
      code: 1,
      error: 'invalid-request',
      field,
    });
    expect(answer['message']).toContain(right);
  });
});
