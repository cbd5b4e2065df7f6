import { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';

/** Puts an absent value in place of every payload. */
const blind: PayloadCodec = {
  encode: (payloads: Payload[]) => Promise.resolve(payloads),
  decode: (payloads: Payload[]) =>
    Promise.resolve(payloads.map(() => defaultPayloadConverter.toPayload(undefined))),
};

/**
 * Makes a client that reads which runs there are and how they stand, and never their content. The SDK decodes the memo of
 * every run that it lists or describes, and one memo which it cannot decode fails the whole call; anybody who reaches
 * Temporal can start a run with such a memo.
 */
export function withoutContent({ connection, options: { namespace } }: Client): Client {
  return new Client({ connection, namespace, dataConverter: { payloadCodecs: [blind] } });
}
