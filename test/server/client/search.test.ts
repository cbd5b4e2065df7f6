/** What operators find sales by: the handbook's queries, and the command line's list. */
import { describe, expect, it } from 'vitest';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { memberHash } from '../../../src/encryption/member-hash.ts';
import type { RedemptionRequest, Status } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, atProvider } = env;

const ACT = { by: 'olivia', why: 'a test' };

async function sale(overrides: Partial<RedemptionRequest>): Promise<RedemptionRequest> {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  return env.request(alice, overrides);
}

describe('the handbook’s queries', () => {
  const found = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { workflowId } of env.temporal.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };
  const finds = (query: string, expected: string) =>
    awaited(query, async () => (await found(query)).join() === expected);

  it('find what needs attention, what waits too long, a member’s sales and a store’s compensations', async () => {
    const store = 'S-queries';
    const waiting = await sale({ store });
    await redeem(waiting);
    const broken = await sale({ store });
    await redeem(broken);
    await atProvider('coffee-club', 'restore', 'refuse');
    await voidSale(broken);
    await env.until(broken, 'needs-attention');
    const [open, stuck] = [waiting, broken].map((each) => env.handle(each).workflowId);
    const inStore = `RedemptionStore = '${store}'`;

    await finds(
      `${inStore} AND RedemptionStatus = 'needs-attention' AND ExecutionStatus = 'Running'`,
      stuck ?? '',
    );
    await finds(
      `RedemptionMember = '${memberHash(sandboxKeyRing.memberHashKey, 'coffee-club', waiting.member)}'`,
      open ?? '',
    );
    const past = (at: number) =>
      `${inStore} AND WorkflowType = 'redemption' AND ExecutionStatus = 'Running' AND RedemptionStatus = 'on-course' AND RedemptionDeadline < '${new Date(at).toISOString()}'`;
    await finds(past(Date.now() + 86_400_000), open ?? '');
    expect(await found(past(Date.now()))).toEqual([]);

    await env.client.retry(broken, ACT);
    await env.ended(broken);
    const today = new Date().toISOString().slice(0, 10);
    await finds(
      `${inStore} AND RedemptionStatus = 'compensated' AND CloseTime > '${today}T00:00:00Z'`,
      stuck ?? '',
    );
    await voidSale(waiting);
    await env.ended(waiting);
  });

  it('the list tells the step of a sale that goes well, whether or not a worker is there', async () => {
    const store = 'S-steps';
    const listed = async (status?: Status) => {
      const all = await env.client.list({ store, status, limit: 10 });
      return all.map((each) => `${each.redemptionId} ${each.status}`);
    };
    const request = await sale({ store });
    await redeem(request);
    const at = (status: Status) => [`${request.redemptionId} ${status}`];
    await awaited('in the list', async () => (await listed()).length === 1);
    expect(await listed()).toEqual(at('awaiting-payment'));
    expect(await listed('awaiting-payment')).toEqual(at('awaiting-payment'));
    expect(await listed('completed')).toEqual([]);
    await env.stopWorker();
    expect(await listed('awaiting-payment')).toEqual(at('awaiting-payment'));
    await env.startWorker();
    await capture(request);
    await env.ended(request);
    await awaited('completed in the list', async () => (await listed('completed')).length === 1);
    expect(await listed('awaiting-payment')).toEqual([]);

    await env.stopWorker();
    const untaken = await sale({ store, deductByMs: 1_000 });
    const redeemed = redeem(untaken);
    await awaited('the untaken run in the list', async () => (await listed()).length === 2);
    expect(await listed('checking-balance')).toEqual([`${untaken.redemptionId} checking-balance`]);
    await redeemed;
    await env.startWorker();
    await env.ended(untaken);
  });
});
