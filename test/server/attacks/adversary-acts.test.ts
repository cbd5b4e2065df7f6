/** Whoever reaches Temporal, and has no key, copies what an operator sent to a run and sends it to the same run again. */
import { defaultPayloadConverter } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
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

it("an operator's act in Temporal UI on one program's sale does nothing to the sale of the same id in another program", async () => {
  const redemptionId = `R-${randomUUID().slice(0, 8)}`;
  const [alice, bob] = [await env.sandbox.member(program, 1_000), await env.sandbox.member(program, 1_000)];
  const hers = { ...env.request(alice), redemptionId };
  const his = { ...env.request(bob), redemptionId, program: `${program}-plain` };
  for (const request of [hers, his]) {
    await env.atProvider(program, 'restore', 'refuse');
    await env.redeem(request);
    await env.voidSale(request);
    await env.until(request, 'needs-attention');
  }
  // Temporal UI has it encrypted by the codec server, which knows no run.
  const [act] = await new EncryptionCodec(sandboxKeyRing).encode([
    defaultPayloadConverter.toPayload({ redemptionId, resolution: 'restored', by: 'olivia', why: 'given back by hand' }),
  ]);
  const send = (sale: typeof hers) =>
    strangerWith(env, act)
      .workflow.getHandle(workflowIdOf('redemption', sale))
      .executeUpdate('resolve', { args: ['encoded'] })
      // Whether it was taken shows the sale: the answer is encrypted, too.
      .catch(() => undefined);
  await send(hers);
  expect(await env.ended(hers)).toMatchObject({ status: 'compensated' });
  await send(his);
  await delay(500);
  const { status } = await env.status(his);
  await env.client.retry(his, { by: 'olivia', why: 'the provider is back' }).catch(() => undefined);
  await env.ended(his);
  expect({ status, moved: await env.moved(bob) }).toEqual({ status: 'needs-attention', moved: [-200, 200] });
});
