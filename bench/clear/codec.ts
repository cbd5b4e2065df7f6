import type { Payload } from '@temporalio/common';
import { EncryptionCodec } from '../../src/encryption/codec.ts';

export const CLEAR_NAMESPACE = 'clear';

/** The client insists on a codec that encrypts: this one passes for it. */
export class ClearCodec extends EncryptionCodec {
  override encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads);
  }

  override decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads);
  }
}
