/** Somebody who reaches Temporal and has no key. */
import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import type { TestEnvironment } from './environment.ts';

/** Sends this in place of every payload, or else plain JSON, and reads everything as it is. */
export function strangerWith({ temporal }: TestEnvironment, payload?: Payload): Client {
  const { connection, options } = temporal;
  const codec = {
    encode: (payloads: Payload[]) =>
      Promise.resolve(payload === undefined ? payloads : payloads.map(() => payload)),
    decode: (payloads: Payload[]) => Promise.resolve(payloads),
  };
  return new Client({
    connection,
    namespace: options.namespace,
    dataConverter: { payloadCodecs: [codec] },
  });
}
