/** What the list of redemptions says of runs that were meddled with in Temporal. */
import { expect, it } from 'vitest';
import type { ListFilter } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { resetRun } from '../../support/reset-run.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

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
