/** Whoever reaches Temporal, and has no key, copies what an operator sent to a run and sends it to the same run again. */
import { expect, it } from 'vitest';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

it("an operator's act that is copied within its run is no second act", async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { paymentDeadlineMs: 1_000 });
  await env.redeem(request);
  await env.ended(request);
  expect(await env.moved(alice)).toEqual([-200, 200]);
  await env.capture(request, { paymentId: 'pay-1' });
  await env.until(request, 'needs-attention');

  // Olivia tries once; the provider refuses. She goes to ask the shop whether it bears the discount.
  await env.atProvider(program, 'deduct', 'refuse');
  await env.client.resolve(request, { resolution: 'deduct-again', by: 'olivia', why: 'the customer agreed' });
  const handle = env.temporal.workflow.getHandle(workflowIdOf('case', request));
  await expect
    .poll(async () => (await env.status(request)).message, { timeout: 15_000 })
    .toContain('could not be taken again');

  const { events } = await handle.fetchHistory();
  const copied = events
    ?.map((event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input)
    .find((input) => input?.name === 'resolve')?.args?.payloads?.[0];
  if (!copied) throw new Error('no act');
  const told = await strangerWith(env, copied)
    .workflow.getHandle(handle.workflowId)
    .executeUpdate('resolve', { args: ['copied'] })
    .then(
      () => 'done',
      () => 'refused',
    );
  await env.client
    .resolve(request, { resolution: 'accept', by: 'olivia', why: 'the shop bears it' })
    .catch(() => undefined);
  await env.ended(request);
  expect(await env.moved(alice)).toEqual([-200, 200]);
  expect(told).toBe('refused');
});
