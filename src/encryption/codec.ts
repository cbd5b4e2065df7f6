/** Encrypts every payload as a whole, with AES-256-GCM, a fresh random nonce, and the id of the key in the metadata. */
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Key, KeyRing } from './key-ring.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The encoding that Temporal's own samples use, so that tools recognise it. */
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

/**
 * A payload cannot be decrypted with the keys of this process. The message names a key and never the payload's content, so it
 * goes to Temporal in clear text (`failure-converter.js`).
 */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

export class EncryptionCodec implements PayloadCodec {
  readonly keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.keyRing = keyRing;
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => encrypt(this.keyRing.first, payload)));
  }

  /** Accepts a payload that is not encrypted as it is, because it came from outside as plain JSON. @throws DecryptionError */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) =>
      textOf(payload, 'encoding') === ENCRYPTED ? decrypt(this.keyRing, payload) : payload,
    );
  }
}

function encrypt({ id, key }: Key, payload: Payload): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(id));
  const plaintext = PayloadMessage.encode(PayloadMessage.create(payload)).finish();
  return {
    metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(id) },
    data: Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
  };
}

function decrypt({ byId }: KeyRing, payload: Payload): Payload {
  // The id comes from outside, so it is shown only as far as it can be the id of a key.
  const id = textOf(payload, KEY_ID)
    .replaceAll(/[^\w.-]/g, '?')
    .slice(0, 64);
  const key = byId.get(id);
  if (key === undefined)
    throw new DecryptionError(
      `A payload is encrypted with the key "${id}", which is not among REDEMPTION_ENCRYPTION_KEYS here: add it.`,
    );
  const data = payload.data ?? new Uint8Array();
  try {
    const decipher = createDecipheriv(ALGORITHM, key.key, data.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(id));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    const sealed = data.subarray(NONCE_BYTES, -TAG_BYTES);
    return PayloadMessage.decode(Buffer.concat([decipher.update(sealed), decipher.final()]));
  } catch {
    throw new DecryptionError(
      `A payload that names the key "${id}" cannot be decrypted with it: the key of that name is another one here, or the payload was changed.`,
    );
  }
}

function textOf({ metadata }: Payload, name: string): string {
  const value = metadata?.[name];
  return value === undefined ? '' : Buffer.from(value).toString('utf8');
}
