/** A ciphertext belongs to one run: what names another one, or was moved to it, is not read as its own. */
import {
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { received } from '../../../src/domain/provenance.ts';
import {
  DecryptionError,
  EncryptionCodec,
  StrayError,
  WorkerEncryptionCodec,
} from '../../../src/encryption/codec.ts';
import { keyRingOf, newKey } from '../../support/key-rings.ts';
import { sealedBefore } from '../../support/older-payloads.ts';

const keyRing = keyRingOf(newKey('2026-11'));
const client = new EncryptionCodec(keyRing);
const worker = new WorkerEncryptionCodec(keyRing);
const value = { by: 'olivia' };
const plain = defaultPayloadConverter.toPayload(value);

const runOf = (workflowId: string): SerializationContext => ({
  type: 'workflow',
  namespace: 'default',
  workflowId,
});
const activityOf = (workflowId: string): SerializationContext => ({
  type: 'activity',
  namespace: 'default',
  workflowId,
  isLocal: false,
});

async function sealed(context?: SerializationContext): Promise<Payload> {
  const [payload] = await client.encode([defaultPayloadConverter.toPayload(value)], context);
  if (payload === undefined) throw new Error('nothing was encrypted');
  return payload;
}

async function asReceived(payload: Payload, context: SerializationContext | undefined) {
  const [decoded] = await worker.decode([payload], context);
  if (decoded === undefined) throw new Error('nothing was decoded');
  return received(defaultPayloadConverter.fromPayload(decoded));
}

const named = (payload: Payload, workflowId: string | undefined): Payload => {
  const { 'encryption-workflow-id': _, ...metadata } = payload.metadata ?? {};
  return {
    ...payload,
    metadata:
      workflowId === undefined
        ? metadata
        : { ...metadata, 'encryption-workflow-id': Buffer.from(workflowId) },
  };
};

describe('a payload that reaches a run', () => {
  it('is its own where it was encrypted for this run', async () => {
    expect(await asReceived(await sealed(runOf('a')), runOf('a'))).toEqual({
      provenance: 'sealed',
      content: value,
    });
  });

  it('is foreign where it was encrypted for another run, and its content stays hidden', async () => {
    expect(await asReceived(await sealed(runOf('a')), runOf('b'))).toEqual({
      provenance: 'foreign',
      content: undefined,
    });
  });

  it('is unbound where it was encrypted before payloads were bound', async () => {
    expect(await asReceived(sealedBefore(keyRing.first, plain), runOf('a'))).toEqual({
      provenance: 'unbound',
      content: value,
    });
  });

  it('is by hand where the codec server encrypted it, which is told no run', async () => {
    expect(await asReceived(await sealed(), runOf('a'))).toEqual({
      provenance: 'by-hand',
      content: value,
    });
  });

  it('is clear where it was not encrypted, whatever it claims to be', async () => {
    for (const content of [value, { 'points-redemption:provenance': 'sealed', content: value }])
      expect(await asReceived(defaultPayloadConverter.toPayload(content), runOf('a'))).toEqual({
        provenance: 'clear',
        content,
      });
  });

  it.each([
    ['another run’s id', 'b'],
    ['no id', undefined],
  ])('cannot be moved by writing %s into its metadata', async (_, workflowId) => {
    const moved = named(await sealed(runOf('a')), workflowId);
    await expect(worker.decode([moved], runOf('b'))).rejects.toThrow(DecryptionError);
    await expect(client.decode([moved], runOf('b'))).rejects.toThrow(DecryptionError);
    await expect(client.decode([moved])).rejects.toThrow(DecryptionError);
  });
});

const contexts: [string, SerializationContext | undefined][] = [
  ['to an activity', activityOf('a')],
  ['to an activity of no run', { type: 'activity', namespace: 'default', isLocal: false }],
  ['to nobody in particular', undefined],
];

describe.each(contexts)('a payload that comes %s', (_, context) => {
  it('says how it came, like one that reaches a run', async () => {
    expect(await asReceived(plain, context)).toMatchObject({ provenance: 'clear' });
    expect(await asReceived(await sealed(), context)).toMatchObject({ provenance: 'by-hand' });
    expect(await asReceived(await sealed(activityOf('b')), context)).toEqual({
      provenance: 'foreign',
      content: undefined,
    });
    expect(await asReceived(await sealed(activityOf('a')), context)).toMatchObject({
      provenance: context?.workflowId === 'a' ? 'sealed' : 'foreign',
    });
  });
});

describe('what a run answers a client with', () => {
  it('is read where it was encrypted for this run, or before payloads were bound', async () => {
    for (const payload of [await sealed(runOf('a')), sealedBefore(keyRing.first, plain)]) {
      const [read] = await client.decode([payload], runOf('a'));
      expect(read && defaultPayloadConverter.fromPayload(read)).toEqual(value);
    }
  });

  it('is refused where it is plain, copied from another run, or encrypted by the codec server', async () => {
    const nameless: Payload = { metadata: { encoding: Buffer.from('binary/encrypted') } };
    for (const payload of [plain, await sealed(runOf('b')), await sealed(), nameless])
      await expect(client.decode([payload], runOf('a'))).rejects.toThrow(StrayError);
  });
});

it('a codec server, which is told no run, reads what names one', async () => {
  const [payload] = await client.decode([await sealed(runOf('a'))]);
  expect(payload === undefined ? undefined : defaultPayloadConverter.fromPayload(payload)).toEqual(
    value,
  );
});
