/**
 * Encrypts every payload as a whole: AES-256-GCM, a fresh random nonce each. The id of the key, the id of the workflow and the
 * cipher stand in the metadata and are authenticated with the payload, so that the ciphertext of one run means nothing in
 * another. What belongs to a run is encrypted with a key of that run, and the rest with the ring's key.
 */
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { marked, type Provenance } from '../domain/provenance.ts';
import type { KeyRing } from './key-ring.ts';
import { RunKeys } from './run-keys.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The encoding that Temporal's own samples use, so that tools recognise it. */
const ENCRYPTED = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';
const WORKFLOW_ID = 'encryption-workflow-id';
const CIPHER = 'encryption-cipher';
/** With a key of the run. Where no cipher is named, it is the ring's key: for no run, or from before runs had keys. */
const WITH_RUN_KEY = 'AES-256-GCM/HKDF-SHA-256';
/** With the ring's key, by the codec server for a person: good for what a person may send, and for nothing else. */
const BY_HAND = 'AES-256-GCM/by-hand';
const JSON_PLAIN = 'json/plain';

/**
 * A payload cannot be decrypted with the keys of this process. The message names a key and never the payload's content, so it
 * goes to Temporal in clear text (`failure-converter.js`).
 */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';
}

/** What a run answers a client with was not encrypted with our keys for that run: somebody without them answered. */
export class StrayError extends Error {
  override readonly name = 'StrayError';

  constructor() {
    super('This was not encrypted for its run by a process that has the keys.');
  }
}

export class EncryptionCodec implements PayloadCodec {
  readonly keyRing: KeyRing;
  readonly #runKeys = new RunKeys();

  constructor(keyRing: KeyRing) {
    this.keyRing = keyRing;
  }

  /** Without a context, as on the codec server, a payload is bound to no run, and is a person's. */
  encode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    const workflowId = context?.workflowId;
    return Promise.resolve(payloads.map((payload) => this.#encrypt(payload, workflowId)));
  }

  /**
   * Without a context, what is not encrypted is taken as it is, because Temporal UI shows both.
   * @throws StrayError for what is not encrypted for the run of the context
   * @throws DecryptionError
   */
  async decode(payloads: Payload[], context?: SerializationContext): Promise<Payload[]> {
    return payloads.map((payload) => this.decodeOne(payload, context));
  }

  protected decodeOne(payload: Payload, context: SerializationContext | undefined): Payload {
    if (context === undefined) return isEncrypted(payload) ? this.decrypt(payload) : payload;
    const provenance = provenanceOf(payload, context);
    if (provenance === 'sealed' || provenance === 'unbound') return this.decrypt(payload);
    throw new StrayError();
  }

  /** Whether our keys encrypted it for this run, or a key that this process lacks, and another process may have. */
  mayHaveSealed(payload: Payload, context: SerializationContext): boolean {
    const provenance = provenanceOf(payload, context);
    if (provenance !== 'sealed' && provenance !== 'unbound') return false;
    if (!this.keyRing.byId.has(textOf(payload, KEY_ID))) return true;
    try {
      this.decrypt(payload);
      return true;
    } catch {
      return false;
    }
  }

  #encrypt(payload: Payload, workflowId: string | undefined): Payload {
    const key = this.keyRing.first;
    const metadata: Record<string, Uint8Array> = {
      encoding: Buffer.from(ENCRYPTED),
      [KEY_ID]: Buffer.from(key.id),
      [CIPHER]: Buffer.from(workflowId === undefined ? BY_HAND : WITH_RUN_KEY),
      ...(workflowId !== undefined && { [WORKFLOW_ID]: Buffer.from(workflowId) }),
    };
    const secret = workflowId === undefined ? key.key : this.#runKeys.of(key, workflowId);
    const plaintext = PayloadMessage.encode(PayloadMessage.create(payload)).finish();
    return { metadata, data: seal(secret, plaintext, associatedData({ metadata })) };
  }

  protected decrypt(payload: Payload): Payload {
    const id = shownOf(payload, KEY_ID);
    const key = this.keyRing.byId.get(id);
    if (key === undefined)
      throw new DecryptionError(
        `A payload is encrypted with the key "${id}", which is not among REDEMPTION_ENCRYPTION_KEYS here: add it.`,
      );
    const cipher = shownOf(payload, CIPHER);
    if (!['', WITH_RUN_KEY, BY_HAND].includes(cipher))
      throw new DecryptionError(
        `A payload is encrypted by "${cipher}", which this version does not know: use the version that wrote it, or a later one.`,
      );
    try {
      const secret =
        cipher === WITH_RUN_KEY ? this.#runKeys.of(key, textOf(payload, WORKFLOW_ID)) : key.key;
      return PayloadMessage.decode(
        open(secret, payload.data ?? new Uint8Array(), associatedData(payload)),
      );
    } catch {
      throw new DecryptionError(
        `A payload that names the key "${id}" cannot be decrypted with it: the key of that name is another one here, or the payload was changed.`,
      );
    }
  }
}

/** Marks what reaches a run or an activity, so that these can tell what was encrypted for them. See `domain/provenance.ts`. */
export class WorkerEncryptionCodec extends EncryptionCodec {
  protected override decodeOne(
    payload: Payload,
    context: SerializationContext | undefined,
  ): Payload {
    const provenance = provenanceOf(payload, context);
    if (provenance === 'clear') return asMarked(provenance, contentOf(payload));
    if (provenance === 'foreign') return asMarked(provenance, undefined);
    const opened = this.decrypt(payload);
    return provenance === 'sealed' ? opened : asMarked(provenance, contentOf(opened));
  }
}

/** Only what names a run, or says that it is a person's, is told apart by more than the key. */
function provenanceOf(payload: Payload, context: SerializationContext | undefined): Provenance {
  if (!isEncrypted(payload)) return 'clear';
  // What names no key was not encrypted by us. What names one may wait for a worker that has it.
  if (textOf(payload, KEY_ID) === '') return 'foreign';
  const boundTo = textOf(payload, WORKFLOW_ID);
  if (boundTo !== '') return boundTo === context?.workflowId ? 'sealed' : 'foreign';
  return textOf(payload, CIPHER) === BY_HAND ? 'by-hand' : 'unbound';
}

function seal(key: Uint8Array, plaintext: Uint8Array, associated: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(associated);
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** @throws Error when it was sealed otherwise */
function open(key: Uint8Array, sealed: Uint8Array, associated: Buffer): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const ciphertext = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** No id and no cipher holds a line feed, so no two payloads that name different ones have the same bytes. */
function associatedData(payload: Payload): Buffer {
  const named = [CIPHER, KEY_ID, WORKFLOW_ID].map((name) => textOf(payload, name));
  return Buffer.from(named.filter((text) => text !== '').join('\n'));
}

/** What comes from outside is shown only as far as it can be an id or a cipher. */
function shownOf(payload: Payload, name: string): string {
  return textOf(payload, name)
    .replaceAll(/[^\w./-]/g, '?')
    .slice(0, 64);
}

function isEncrypted(payload: Payload): boolean {
  return textOf(payload, 'encoding') === ENCRYPTED;
}

/** `undefined` for what is no JSON. */
function contentOf(payload: Payload): unknown {
  try {
    return JSON.parse(Buffer.from(payload.data ?? new Uint8Array()).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Content that cannot be written again, such as an array of thousands of levels, is left out. */
function asMarked(provenance: Exclude<Provenance, 'sealed'>, content: unknown): Payload {
  try {
    return json(marked(provenance, content));
  } catch {
    return json(marked(provenance, undefined));
  }
}

function json(value: object): Payload {
  return {
    metadata: { encoding: Buffer.from(JSON_PLAIN) },
    data: Buffer.from(JSON.stringify(value)),
  };
}

function textOf({ metadata }: Payload, name: string): string {
  const value = metadata?.[name];
  return value === undefined ? '' : Buffer.from(value).toString('utf8');
}
