/** Whoever reaches Temporal, and has no key, copies what an operator sent to a run, and sends it once more. */
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

const refused = (words: string) => ({
  cause: { type: 'act-refused', message: expect.stringContaining(words) },
});

/** What Temporal UI sends, which has it encrypted by the codec server. */
async function byHand(act: object): Promise<Payload> {
  const [payload] = await new EncryptionCodec(sandboxKeyRing).encode([
    defaultPayloadConverter.toPayload(act),
  ]);
  if (payload === undefined) throw new Error('nothing was encrypted');
  return payload;
}

const send = (payload: Payload, workflowId: string, update = 'resolve') =>
  strangerWith(env, payload)
    .workflow.getHandle(workflowId)
    .executeUpdate(update, { args: ['replaced'] });

/** The answer is encrypted, so whether it was done shows the sale. */
const accepted = (payload: Payload, workflowId: string, update = 'resolve') =>
  strangerWith(env, payload)
    .workflow.getHandle(workflowId)
    .startUpdate(update, { args: ['replaced'], waitForStage: 'ACCEPTED' });

/** A sale whose points the provider refuses to take back. */
async function stuckSale(overrides: Partial<RedemptionRequest> = {}) {
  const member = await env.sandbox.member(program, 1_000);
  const request = { ...env.request(member), ...overrides };
  await env.atProvider(program, 'restore', 'refuse');
  await env.redeem(request);
  await env.voidSale(request);
  await env.until(request, 'needs-attention');
  return { member, request, workflowId: workflowIdOf('redemption', request) };
}

it("an operator's act that is copied within its run is no second act", async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { paymentDeadlineMs: 1_000 });
  await env.redeem(request);
  await env.ended(request);
  await env.capture(request, { paymentId: 'pay-1' });
  await env.until(request, 'needs-attention');

  // The operator tries once, and the provider refuses. Then the shop is asked whether it bears the discount.
  await env.atProvider(program, 'deduct', 'refuse');
  await env.client.resolve(request, { ...ACT, resolution: 'deduct-again' });
  await awaited('the refusal', async () => {
    const { status, message = '' } = await env.status(request);
    return status === 'needs-attention' && message.includes('could not be taken again');
  });

  const workflowId = workflowIdOf('case', request);
  const { events } = await env.temporal.workflow.getHandle(workflowId).fetchHistory();
  const copied = events
    ?.map((event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input)
    .find((input) => input?.name === 'resolve')?.args?.payloads?.[0];
  if (!copied) throw new Error('no act');
  await expect(send(copied, workflowId)).rejects.toMatchObject(refused('was given before'));
  // The very same words are another act when the operator gives it.
  await env.atProvider(program, 'deduct', 'refuse');
  await env.client.resolve(request, { ...ACT, resolution: 'deduct-again' });
  await awaited('the second refusal', async () => {
    const { status, timeline } = await env.status(request);
    const refusals = timeline.filter(({ what }) => what.startsWith('needs-attention'));
    return status === 'needs-attention' && refusals.length === 3;
  });
  await env.client.resolve(request, { ...ACT, resolution: 'accept' });
  await env.ended(request);
  expect(await env.moved(alice)).toEqual([-200, 200]);
});

it("an act in Temporal UI on one program's sale does nothing to the same id in another program", async () => {
  const redemptionId = `R-${randomUUID().slice(0, 8)}`;
  const hers = await stuckSale({ redemptionId });
  const his = await stuckSale({ redemptionId, program: `${program}-plain` });
  const act = { redemptionId, resolution: 'restored', by: 'olivia', why: 'given back by hand' };
  await expect(send(await byHand(act), hers.workflowId)).rejects.toMatchObject(
    refused(`"program": "${program}"`),
  );
  const named = await byHand({ ...act, program });
  await expect(send(named, his.workflowId)).rejects.toMatchObject(
    refused(`"program": "${program}-plain"`),
  );
  await accepted(named, hers.workflowId);
  expect(await env.ended(hers.request)).toMatchObject({ status: 'compensated' });
  expect(await env.status(his.request)).toMatchObject({ status: 'needs-attention' });
  await env.client.retry(his.request, ACT);
  await env.ended(his.request);
  expect(await env.moved(his.member)).toEqual([-200, 200]);
  expect(await env.moved(hers.member)).toEqual([-200]);
});

it('an act in Temporal UI is carried out once, unless it says something new', async () => {
  const { member, request, workflowId } = await stuckSale();
  const { redemptionId } = request;
  const act = { program, redemptionId, ...ACT };
  await env.atProvider(program, 'restore', 'refuse');
  await accepted(await byHand(act), workflowId, 'retry');
  await awaited('the second refusal', async () => {
    const { status, timeline } = await env.status(request);
    const refusals = timeline.filter(({ what }) => what.startsWith('needs-attention'));
    return status === 'needs-attention' && refusals.length === 2;
  });
  await expect(send(await byHand(act), workflowId, 'retry')).rejects.toMatchObject(
    refused('say in why what is new'),
  );
  await accepted(await byHand({ ...act, why: 'the provider said so' }), workflowId, 'retry');
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
  expect(await env.moved(member)).toEqual([-200, 200]);
});
