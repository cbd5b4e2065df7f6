import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecryptionError, EncryptionCodec } from '../../../src/encryption/codec.ts';
import { newKey, keyRingOf } from '../../support/key-rings.ts';

const old = newKey('2026-10');
const current = newKey('2026-11');
const codec = new EncryptionCodec(keyRingOf(current, old));

const bytes = fc.uint8Array({ maxLength: 300 });
const payloads: fc.Arbitrary<Payload[]> = fc.array(
  fc.record({ metadata: fc.dictionary(fc.string({ maxLength: 20 }), bytes), data: bytes }),
  { maxLength: 4 },
);

const asHex = (list: readonly Payload[]) =>
  list.map(({ metadata, data }) => ({
    metadata: Object.entries(metadata ?? {})
      .map(([name, value]) => `${name} ${Buffer.from(value).toString('hex')}`)
      .sort((one, other) => one.localeCompare(other)),
    data: Buffer.from(data ?? []).toString('hex'),
  }));
const textOf = (payload: Payload | undefined, name: string) =>
  Buffer.from(payload?.metadata?.[name] ?? []).toString('utf8');

async function encrypted(value: unknown, by = codec) {
  const [payload] = await by.encode([defaultPayloadConverter.toPayload(value)]);
  if (payload === undefined) throw new Error('nothing was encrypted');
  return { metadata: payload.metadata ?? {}, data: payload.data ?? new Uint8Array() };
}

describe('the codec', () => {
  it('gives back whatever payload it was given, its metadata too', () =>
    fc.assert(
      fc.asyncProperty(payloads, async (given) => {
        expect(asHex(await codec.decode(await codec.encode(given)))).toEqual(asHex(given));
      }),
    ));

  it('names its key, shows nothing else, and never encrypts alike twice', async () => {
    const [one, two] = [await encrypted('member-1'), await encrypted('member-1')];
    expect(textOf(one, 'encoding')).toBe('binary/encrypted');
    expect(textOf(one, 'encryption-key-id')).toBe('2026-11');
    expect(Object.keys(one.metadata ?? {})).toHaveLength(3);
    expect(asHex([one])).not.toEqual(asHex([two]));
    expect(Buffer.from(one.data ?? []).subarray(0, 12)).not.toEqual(
      Buffer.from(two.data ?? []).subarray(0, 12),
    );
    for (const payload of [one, two])
      expect(Buffer.from(payload.data ?? []).toString('latin1')).not.toMatch(/member|json/);
  });

  it('takes plain payloads as they are where no run is named, as Temporal UI shows them', async () => {
    const plain = defaultPayloadConverter.toPayload({ eventId: 'evt-1' });
    expect(await codec.decode([plain])).toEqual([plain]);
  });

  it('reads what an older key of the keyRing wrote, and writes with the first', async () => {
    const written = await encrypted('by the old one', new EncryptionCodec(keyRingOf(old)));
    const [read] = await codec.decode([written]);
    expect(read && defaultPayloadConverter.fromPayload(read)).toBe('by the old one');
    expect(textOf(await encrypted('by the first'), 'encryption-key-id')).toBe('2026-11');
  });

  it('names the key that it does not know', async () => {
    const written = await encrypted('secret', new EncryptionCodec(keyRingOf(newKey('2027-01'))));
    await expect(codec.decode([written])).rejects.toThrow(
      new DecryptionError(
        'A payload is encrypted with the key "2027-01", which is not among REDEMPTION_ENCRYPTION_KEYS here: add it.',
      ),
    );
  });

  it('says so when the key of that name is another one', async () => {
    const other = new EncryptionCodec(keyRingOf(newKey('2026-11')));
    await expect(codec.decode([await encrypted('secret', other)])).rejects.toThrow(
      /^A payload that names the key "2026-11" cannot be decrypted with it: .+\.$/,
    );
  });

  it('refuses a payload of which any one bit was changed, or that was cut short', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), fc.nat(), async (at, bit, length) => {
        const { metadata, data } = await encrypted('secret');
        const tampered = Uint8Array.from(data);
        const index = at % data.length;
        tampered[index] = (tampered[index] ?? 0) ^ (1 << bit);
        const short = data.subarray(0, length % data.length);
        for (const changed of [tampered, short])
          await expect(codec.decode([{ metadata, data: changed }])).rejects.toThrow(
            DecryptionError,
          );
      }),
    ));

  it('refuses a payload whose key id was changed to that of another key', async () => {
    const { metadata, data } = await encrypted('secret');
    const renamed = { ...metadata, 'encryption-key-id': Buffer.from('2026-10') };
    await expect(codec.decode([{ metadata: renamed, data }])).rejects.toThrow(DecryptionError);
  });

  it('repeats no more of a key id than can be one', async () => {
    const metadata = {
      encoding: Buffer.from('binary/encrypted'),
      'encryption-key-id': Buffer.from(`\n<b>${'x'.repeat(1_000)}`),
    };
    await expect(codec.decode([{ metadata, data: new Uint8Array() }])).rejects.toThrow(
      /the key "\?\?b\?x{60}", which/,
    );
  });
});
