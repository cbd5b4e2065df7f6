/**
 * Runs of somebody who reaches Temporal and has no key. They take nothing, and stand in nobody's way: the honest sales are
 * listed and read, and a till that finds its id taken is told what was seen.
 */
import type { Client } from '@temporalio/client';
import {
  defaultPayloadConverter,
  type Payload,
  type SearchAttributePair,
} from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { RedemptionError } from '../../../src/domain/errors.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { awaited } from '../../support/awaited.ts';
import { lookUpOf } from '../../support/environment.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { keyRingOf, newKey } from '../../support/key-rings.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const program = 'coffee-club';
const bytes = (text: string) => Buffer.from(text);
const garbage: Payload = { metadata: { encoding: bytes('a/b') }, data: bytes('\0') };
const ACT = { by: 'olivia', why: 'found in the event list' };

const stranger = (payload: Payload) => strangerWith(env, payload);

/** Encrypted as we encrypt, by a key that nobody here has. No worker can tell it from a key that it lacks. */
async function underAnUnknownKey(): Promise<Payload> {
  const codec = new EncryptionCodec(keyRingOf(newKey('unknown')));
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload('anything')]);
  if (payload === undefined) throw new Error('nothing was encrypted');
  return payload;
}

/** As the codec server encrypts for a person. */
async function byHand(value: unknown = 'anything'): Promise<Payload> {
  const [payload] = await new EncryptionCodec(sandboxKeyRing).encode([
    defaultPayloadConverter.toPayload(value),
  ]);
  if (payload === undefined) throw new Error('nothing was encrypted');
  return payload;
}

type StartOptions = Parameters<Client['workflow']['start']>[1];

function startStray(payload: Payload, redemptionId: string, claimed: Partial<StartOptions> = {}) {
  return stranger(payload).workflow.start('redemption', {
    workflowId: workflowIdOf('redemption', { program, redemptionId }),
    taskQueue: TASK_QUEUE,
    args: ['replaced'],
    memo: { fingerprint: 'replaced' },
    ...claimed,
  });
}

async function granted() {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  return { alice, request };
}

describe.each([
  ['of an unknown encoding', 'declined', async () => garbage],
  [
    'of broken JSON',
    'declined',
    async () => ({ metadata: { encoding: bytes('json/plain') }, data: bytes('{') }),
  ],
  ['encrypted under an unknown key', 'unreadable', underAnUnknownKey],
])('a stray run with a memo %s', (_, status, payloadOf) => {
  it(`hides no sale from the list, where it is called ${status}`, async () => {
    const { request } = await granted();
    const redemptionId = `S-${randomUUID().slice(0, 8)}`;
    const stray = await startStray(await payloadOf(), redemptionId);
    const listed = async () => {
      const found = await env.client.list({ limit: 100 });
      return new Map(found.map((each) => [each.redemptionId, each.status]));
    };
    await awaited('both in the list', async () => {
      const found = await listed();
      return found.has(request.redemptionId) && found.get(redemptionId) === status;
    });
    expect((await listed()).get(request.redemptionId)).toBe('awaiting-payment');
    if (status === 'unreadable') await stray.terminate('the test is over');
    await env.voidSale(request);
    await env.ended(request);
  });

  it('hides nothing of a sale under whose follow-up’s id it was started', async () => {
    const { request } = await granted();
    const stray = await startStray(await payloadOf(), request.redemptionId, {
      workflowId: workflowIdOf('reversal', request),
    });
    await env.capture(request);
    await awaited('the end of the sale', async () => {
      const { status: name } = await env.handle(request).describe();
      return name.name === 'COMPLETED';
    });
    await stray.terminate('seen by an operator').catch(() => undefined);
    await expect(env.status(request)).rejects.toMatchObject({ code: 'ended-by-force' });
  });
});

it('a stray run that claims to be of a member keeps no operator from adopting a reference', async () => {
  await env.atProvider(program, 'deduct', 'cut-after-commit');
  await env.atProvider(program, lookUpOf(program), 'error-before-commit', { times: 1_000 });
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice, { deductByMs: 3_000 });
  const deductBy = Date.now() + 3_000;
  await env.redeem(request);
  await env.until(request, 'needs-attention');
  const { typedSearchAttributes: given } = await env.handle(request).describe();
  const redemptionId = `S-${randomUUID().slice(0, 8)}`;
  const stray = await startStray(garbage, redemptionId, {
    typedSearchAttributes: [
      { key: searchAttributes.status, value: 'on-course' },
      { key: searchAttributes.program, value: program },
      { key: searchAttributes.member, value: given.get(searchAttributes.member) ?? '' },
    ],
  });
  await env.temporal.workflow.getHandle(stray.workflowId).result();
  await awaited('the stray in search', async () => {
    const query = `WorkflowId = '${stray.workflowId}' AND ExecutionStatus = 'Completed'`;
    return (await env.temporal.workflow.count(query)).count === 1;
  });
  await awaited('the end of the till’s time', () => Promise.resolve(Date.now() > deductBy));
  await env.sandbox.clearFaults();
  const { movements } = await env.sandbox.ledger(alice);
  const reference = movements[0]?.reference ?? '';
  await env.client.resolve(request, { ...ACT, resolution: 'adopt', reference });
  expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
  expect(await env.moved(alice)).toEqual([-200, 200]);
});

describe('a till whose id was taken by a stray run', () => {
  const told = {
    code: 'conflict',
    field: 'redemptionId',
    message: expect.stringMatching(
      /^The run under redemptionId R-\w+ was not started by a process that has the keys, .+ new redemptionId .+ operator/,
    ),
  };

  it('is told what was seen, and redeems under a new id', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    const stray = await startStray(garbage, request.redemptionId);
    await env.temporal.workflow.getHandle(stray.workflowId).result();
    await expect(env.redeem(request)).rejects.toMatchObject(told);
    const gateway = await openGateway(env);
    try {
      expect(await gateway.post('/v1/redemptions', request)).toMatchObject({
        status: 409,
        body: {
          type: 'urn:points-redemption:problem:conflict',
          title: 'This redemptionId is already used for something else.',
          remedy: 'Use a new redemptionId for a new sale.',
          detail: told.message,
        },
      });
      const anew = { ...request, redemptionId: `${request.redemptionId}-b` };
      expect((await gateway.post('/v1/redemptions', anew)).status).toBe(201);
      await env.voidSale(anew);
      await env.ended(anew);
    } finally {
      await gateway.close();
    }
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it('is not told of another request, where no worker has refused the stray yet', async () => {
    const request = env.request(await env.sandbox.member(program, 1_000), { deductByMs: 1_000 });
    await env.stopWorker();
    await startStray(garbage, request.redemptionId, { memo: {} });
    const refusal: unknown = await env.redeem(request).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RedemptionError);
    expect(refusal).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('does not say which request started it'),
    });
    await env.startWorker();
    await expect(env.redeem(request)).rejects.toMatchObject(told);
  });
});

it.each([
  ['without our keys', () => Promise.resolve(garbage)],
  ['with a text that the codec server encrypted', byHand],
])(
  'a run %s that only claims a reference keeps no operator from adopting it',
  async (_, payloadOf) => {
    await env.atProvider(program, 'deduct', 'cut-after-commit');
    await env.atProvider(program, lookUpOf(program), 'error-before-commit', { times: 1_000 });
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { deductByMs: 3_000 });
    await env.redeem(request);
    await env.until(request, 'needs-attention');
    const { movements } = await env.sandbox.ledger(alice);
    const reference = movements[0]?.reference ?? '';
    const { typedSearchAttributes: given } = await env.handle(request).describe();
    // One claims the reference, and one to be the member's, whose worker answers nothing.
    const claims: Partial<StartOptions>[] = [
      { typedSearchAttributes: [{ key: searchAttributes.reference, value: reference }] },
      {
        typedSearchAttributes: [
          { key: searchAttributes.status, value: 'on-course' },
          { key: searchAttributes.member, value: given.get(searchAttributes.member) ?? '' },
        ],
      },
    ];
    const payload = await payloadOf();
    const strays = await Promise.all(
      claims.map(({ typedSearchAttributes }) =>
        startStray(payload, `S-${randomUUID().slice(0, 8)}`, {
          taskQueue: 'nobody-serves-strays',
          typedSearchAttributes: [
            { key: searchAttributes.program, value: program },
            ...(typedSearchAttributes as SearchAttributePair[]),
          ],
        }),
      ),
    );
    for (const { workflowId } of strays)
      await awaited('the stray in search', async () => {
        const query = `WorkflowId = '${workflowId}'`;
        return (await env.temporal.workflow.count(query)).count === 1;
      });
    await env.sandbox.clearFaults();
    await env.client.resolve(request, { ...ACT, resolution: 'adopt', reference });
    await Promise.all(strays.map((stray) => stray.terminate('the test is over')));
    await env.voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  },
);

it('who may ask the codec server to encrypt starts no sale by that', async () => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  const start = { request, fingerprint: newFingerprint(request), deductByMs: 10_000, version: 2 };
  const stray = await startStray(await byHand(start), request.redemptionId);
  await env.temporal.workflow.getHandle(stray.workflowId).result();
  expect(await env.status(request)).toMatchObject({ status: 'declined', granted: false });
  expect(await env.moved(alice)).toEqual([]);
});
