/** What the list of redemptions says of runs that were meddled with in Temporal, and of sales that something followed. */
import { expect, it } from 'vitest';
import type { ListFilter } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { resetRun } from '../../support/reset-run.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, voidSale } = env;

async function granted() {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { store: 'S-force' });
  await redeem(request);
  return request;
}

it('calls a run that was ended by force that, and lists a sale that was reset once', async () => {
  const terminated = await granted();
  const reset = await granted();
  await env.handle(terminated).terminate('a test');
  await resetRun(env, reset);
  await env.until(reset, 'awaiting-payment');

  const listed = async (status?: ListFilter['status']) => {
    const found = await env.client.list({ store: 'S-force', status, limit: 10 });
    return found.map((each) => `${each.redemptionId} ${each.status}`);
  };
  const isReset = `${reset.redemptionId} awaiting-payment`;
  const isTerminated = `${terminated.redemptionId} ended-by-force`;
  await awaited('both in the list', async () => {
    const all = await listed();
    return all.length === 2 && all.includes(isReset) && all.includes(isTerminated);
  });
  expect(await listed('ended-by-force')).toEqual([isTerminated]);
  expect(await listed('awaiting-payment')).toEqual([isReset]);
  await voidSale(reset);
  await env.ended(reset);
});

it('tells a sale as what followed it has left it, also by status and reason', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const sale = async (overrides = {}) => {
    const request = env.request(alice, { store: 'S-follow', ...overrides });
    await redeem(request);
    return { ...request, id: { program: request.program, redemptionId: request.redemptionId } };
  };
  const spent = await sale();
  await env.capture(spent);
  await env.ended(spent);
  const reversed = await sale();
  await env.capture(reversed);
  await env.ended(reversed);
  await voidSale(reversed);
  expect(await env.ended(reversed)).toMatchObject(VOIDED);
  const late = await sale({ paymentDeadlineMs: 1_000 });
  await env.ended(late);
  await env.capture(late);
  await env.until(late, 'needs-attention');
  const again = await sale({ paymentDeadlineMs: 1_000 });
  await env.ended(again);
  await env.capture(again);
  await env.until(again, 'needs-attention');
  await env.client.resolve(again.id, { ...ACT, resolution: 'deduct-again' });
  expect(await env.ended(again)).toMatchObject({ status: 'completed' });

  const listed = async (filter: Partial<ListFilter> = {}) => {
    const found = await env.client.list({ store: 'S-follow', limit: 10, ...filter });
    return found
      .map(({ redemptionId, status, reason }) => [redemptionId, status, reason].join(' '))
      .toSorted();
  };
  const told = {
    spent: `${spent.redemptionId} completed `,
    reversed: `${reversed.redemptionId} compensated payment-voided`,
    late: `${late.redemptionId} needs-attention late-capture`,
    again: `${again.redemptionId} completed `,
  };
  await awaited(
    'all in the list',
    async () => (await listed()).join() === Object.values(told).toSorted().join(),
  );
  expect(await listed({ status: 'completed' })).toEqual([told.spent, told.again].toSorted());
  expect(await listed({ status: 'compensated' })).toEqual([told.reversed]);
  expect(await listed({ status: 'needs-attention' })).toEqual([told.late]);
  expect(await listed({ reason: 'payment-voided' })).toEqual([told.reversed]);
  expect(await listed({ reason: 'payment-timed-out' })).toEqual([]);
  await env.client.resolve(late.id, { ...ACT, resolution: 'accept' });
  await env.ended(late);
});
