/** Payloads as earlier versions encrypted them: with the key of the ring, bound to a run or to none. */
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { createCipheriv, randomBytes } from 'node:crypto';
import { EncryptionCodec, WorkerEncryptionCodec } from '../../src/encryption/codec.ts';
import type { Key } from '../../src/encryption/key-ring.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** By the description of the format alone. */
export function sealedBefore(key: Key, plain: Payload, workflowId?: string): Payload {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.key, nonce);
  cipher.setAAD(Buffer.from(workflowId === undefined ? key.id : `${key.id}\n${workflowId}`));
  const bytes = PayloadMessage.encode(PayloadMessage.create(plain)).finish();
  return {
    metadata: {
      encoding: Buffer.from('binary/encrypted'),
      'encryption-key-id': Buffer.from(key.id),
      ...(workflowId !== undefined && { 'encryption-workflow-id': Buffer.from(workflowId) }),
    },
    data: Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]),
  };
}

/** Of a client from before payloads were bound to runs. */
export class UnboundCodec extends EncryptionCodec {
  override encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((each) => sealedBefore(this.keyRing.first, each)));
  }
}

/** Of a worker from before payloads were bound to runs. */
export class UnboundWorkerCodec extends WorkerEncryptionCodec {
  override encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((each) => sealedBefore(this.keyRing.first, each)));
  }
}
