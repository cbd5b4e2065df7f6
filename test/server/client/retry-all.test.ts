/** A sale that ends while all that wait are retried keeps none of the others waiting. */
import { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { RedemptionClient, encryption } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const ACT = { by: 'olivia', why: 'the provider is back' };
const QUERY = `RedemptionStore = 'S-ends'`;

/** Whose restoration was refused, so that it waits for an operator. */
async function waiting() {
  const alice = await env.sandbox.member('travel-miles', 1_000);
  const request = env.request(alice, { store: 'S-ends' });
  await env.redeem(request);
  await env.atProvider('travel-miles', 'restore', 'refuse');
  await env.voidSale(request);
  await env.until(request, 'needs-attention');
  return { alice, request };
}

it('goes on after a sale that has ended meanwhile, and says so', async () => {
  const sales = [await waiting(), await waiting(), await waiting()];
  await awaited('the search', async () => (await env.client.countWaiting(QUERY)) === sales.length);
  // The first one of the list ends just before it is reached.
  let ending: string | undefined;
  const { connection } = env.server;
  const { namespace } = env.temporal.options;
  const temporal = new Client({
    connection,
    namespace,
    dataConverter: encryption(),
    interceptors: {
      workflow: [
        {
          async signal(input, next) {
            ending ??= input.workflowExecution.workflowId;
            if (input.workflowExecution.workflowId === ending)
              await env.temporal.workflow.getHandle(ending).terminate('the test ends it');
            return next(input);
          },
        },
      ],
    },
  });
  const { programs } = env;
  const told: number[] = [];
  const client = new RedemptionClient({ temporal, programs });
  expect(await client.retryAll(QUERY, ACT, (count) => void told.push(count))).toEqual({
    retried: 2,
    ended: 1,
  });
  expect(told).toEqual([1, 2]);
  const others = sales.filter(({ request }) => !ending?.endsWith(request.redemptionId));
  expect(others).toHaveLength(2);
  for (const { alice, request } of others) {
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  }
});
