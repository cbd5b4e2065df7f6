/** Each run has a key of its own, so that the limit of random nonces counts within one run. */
import {
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import proto from '@temporalio/proto';
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DecryptionError, EncryptionCodec, StrayError } from '../../../src/encryption/codec.ts';
import { keyRingOf, newKey } from '../../support/key-rings.ts';
import { sealedBefore } from '../../support/older-payloads.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const key = newKey('2026-11');
const older = newKey('2026-10');
const codec = new EncryptionCodec(keyRingOf(key, older));
const plain = defaultPayloadConverter.toPayload({ member: 'member-1' });

const runOf = (workflowId: string): SerializationContext => ({
  type: 'workflow',
  namespace: 'default',
  workflowId,
});
const valueOf = ([payload]: Payload[]) =>
  payload && defaultPayloadConverter.fromPayload<unknown>(payload);
const textOf = ({ metadata }: Payload, name: string) =>
  metadata?.[name] === undefined ? undefined : Buffer.from(metadata[name]).toString('utf8');

async function sealed(workflowId?: string): Promise<Payload & { data: Uint8Array }> {
  const [payload] = await codec.encode([plain], workflowId ? runOf(workflowId) : undefined);
  return { ...payload, data: payload?.data ?? new Uint8Array() };
}

/** Opens it by the description of the format alone. */
function openedWith(secret: Uint8Array, data: Uint8Array, associated: string): unknown {
  const decipher = createDecipheriv('aes-256-gcm', secret, data.subarray(0, 12));
  decipher.setAAD(Buffer.from(associated));
  decipher.setAuthTag(data.subarray(-16));
  const opened = Buffer.concat([decipher.update(data.subarray(12, -16)), decipher.final()]);
  return defaultPayloadConverter.fromPayload(PayloadMessage.decode(opened));
}

function withCipher(payload: Payload, cipher: string | undefined): Payload {
  const { 'encryption-cipher': _, ...metadata } = payload.metadata ?? {};
  return {
    ...payload,
    metadata:
      cipher === undefined ? metadata : { ...metadata, 'encryption-cipher': Buffer.from(cipher) },
  };
}

const CIPHER = 'AES-256-GCM/HKDF-SHA-256';
const BY_HAND = 'AES-256-GCM/by-hand';

describe('a payload of a run', () => {
  it('is encrypted with a key that is derived for this run, and says so', async () => {
    const payload = await sealed('redemption:coffee-club:a');
    expect(textOf(payload, 'encryption-cipher')).toBe(CIPHER);
    const runKey = (workflowId: string) =>
      new Uint8Array(
        hkdfSync('sha256', key.key, '', `points-redemption run key\n${workflowId}`, 32),
      );
    const associated = `${CIPHER}\n2026-11\nredemption:coffee-club:a`;
    expect(openedWith(runKey('redemption:coffee-club:a'), payload.data, associated)).toEqual({
      member: 'member-1',
    });
    for (const wrong of [key.key, runKey('redemption:coffee-club:b')])
      expect(() => openedWith(wrong, payload.data, associated)).toThrow('unable to authenticate');
  });

  it('is read by every process that has the key of the ring, also without being told the run', async () => {
    const other = new EncryptionCodec(keyRingOf(newKey('2026-12'), key));
    expect(valueOf(await other.decode([await sealed('a')], runOf('a')))).toEqual({
      member: 'member-1',
    });
    expect(valueOf(await other.decode([await sealed('a')]))).toEqual({ member: 'member-1' });
  });

  it('has the same key in every order of runs, more runs than are remembered', async () => {
    const runs = Array.from({ length: 3_000 }, (_, index) => `redemption:coffee-club:${index}`);
    const payloads = await Promise.all(runs.map((run) => sealed(run)));
    for (const [index, payload] of [...payloads.entries()].reverse())
      expect(valueOf(await codec.decode([payload], runOf(runs[index] ?? '')))).toEqual({
        member: 'member-1',
      });
  });
});

describe('a payload from before runs had keys', () => {
  it.each([['a'], [undefined]])('is still read, bound to %s', async (workflowId) => {
    expect(valueOf(await codec.decode([sealedBefore(key, plain, workflowId)], runOf('a')))).toEqual(
      {
        member: 'member-1',
      },
    );
  });

  it('is not read under the id of another run', async () => {
    const payload = sealedBefore(key, plain, 'a');
    const metadata = { ...payload.metadata, 'encryption-workflow-id': Buffer.from('b') };
    await expect(codec.decode([{ ...payload, metadata }], runOf('b'))).rejects.toThrow(
      DecryptionError,
    );
  });
});

describe('what is encrypted for no run', () => {
  it('has the key of the ring, and says that it is a person’s', async () => {
    const { metadata, data } = await sealed();
    expect(textOf({ metadata: metadata ?? null }, 'encryption-cipher')).toBe(BY_HAND);
    expect(openedWith(key.key, data, `${BY_HAND}\n2026-11`)).toEqual({ member: 'member-1' });
  });
});

describe('the cipher in the metadata', () => {
  it('is authenticated: no payload is read by another than its own', async () => {
    const derived = await sealed('a');
    const forged = [
      withCipher(derived, undefined),
      withCipher(derived, ''),
      withCipher(sealedBefore(key, plain, 'a'), CIPHER),
      withCipher(sealedBefore(key, plain), CIPHER),
      withCipher(await sealed(), CIPHER),
      withCipher(await sealed(), undefined),
      withCipher(derived, BY_HAND),
    ];
    for (const payload of forged) {
      await expect(codec.decode([payload], runOf('a'))).rejects.toThrow(DecryptionError);
      await expect(codec.decode([payload])).rejects.toThrow(DecryptionError);
    }
    const toByHand = withCipher(sealedBefore(key, plain), BY_HAND);
    await expect(codec.decode([toByHand], runOf('a'))).rejects.toThrow(StrayError);
    await expect(codec.decode([toByHand])).rejects.toThrow(DecryptionError);
  });

  it('is named where this process does not know it, as far as it can be one', async () => {
    const payload = withCipher(await sealed('a'), `AES/GCM-SIV<b>${'x'.repeat(100)}`);
    await expect(codec.decode([payload])).rejects.toThrow(
      /^A payload is encrypted by "AES\/GCM-SIV\?b\?x{50}", which this version does not know: use the version that wrote it, or a later one\.$/,
    );
  });

  it('cannot make a process derive a key for an id that no run can have', async () => {
    const payload = await sealed('a');
    const metadata = {
      ...payload.metadata,
      'encryption-workflow-id': Buffer.from('x'.repeat(1_000_000)),
    };
    await expect(codec.decode([{ ...payload, metadata }])).rejects.toThrow(DecryptionError);
  });
});
