/** A server that has the payment events alone, on a real port, with a source of every kind. */
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redemptions } from '../../../src/gateway/payment-events/apply.ts';
import { paymentEvents } from '../../../src/gateway/payment-events/plugin.ts';
import {
  readPaymentSources,
  type PaymentSources,
} from '../../../src/gateway/payment-events/sources.ts';
import type { Programs } from '../../../src/programs/programs.ts';
import { CaughtLog } from '../log.ts';
import {
  newAdyenSecret,
  newStandardSecret,
  newStripeSecret,
  type Delivery,
} from './payment-events-senders.ts';

/** The second secret of each source is the one that a rotation has just brought. */
export const secrets = {
  stripe: [newStripeSecret(), newStripeSecret()],
  adyen: [newAdyenSecret(), newAdyenSecret()],
  standard: [newStandardSecret(), newStandardSecret()],
} as const;

const environment = Object.fromEntries(
  Object.entries(secrets).flatMap(([kind, [old, fresh]]) => [
    [`${kind}_OLD`, old],
    [`${kind}_NEW`, fresh],
  ]),
);

const both = (kind: keyof typeof secrets) => [`env:${kind}_OLD`, `env:${kind}_NEW`];
const adyen = { kind: 'adyen', programs: ['coffee-club'], secrets: both('adyen') };
const sources = [
  { id: 'stripe', kind: 'stripe', programs: ['coffee-club'], secrets: both('stripe') },
  {
    id: 'stripe-all',
    kind: 'stripe',
    programs: ['coffee-club', 'travel-miles'],
    secrets: both('stripe'),
    redemptionId: { metadata: 'sale' },
    program: { metadata: 'scheme' },
  },
  { ...adyen, id: 'adyen', capture: 'automatic' },
  { ...adyen, id: 'adyen-manual', capture: 'manual', merchantReferencePrefix: 'R-' },
  {
    id: 'standard',
    kind: 'standard-webhooks',
    programs: ['coffee-club', 'travel-miles'],
    secrets: both('standard'),
  },
];

/** Reads them as the gateway does, from a file. */
export function readSources(
  content: unknown,
  programs: Programs,
  variables: Readonly<Record<string, string>> = environment,
): PaymentSources {
  const folder = mkdtempSync(join(tmpdir(), 'payment-sources-'));
  const file = join(folder, 'sources.json');
  try {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readPaymentSources(file, variables, programs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
}

export interface PaymentGateway {
  send(source: string, delivery: RawDelivery): Promise<Answer>;
  /** Every log line since the last time. */
  takeLog(): string;
  close(): Promise<void>;
}

export type RawDelivery = Omit<Delivery, 'body'> & {
  readonly body: string | Uint8Array<ArrayBuffer>;
};

export async function openPaymentGateway(
  redemptions: Redemptions,
  programs: Programs,
  // These tests are refused more often than any sender.
  refusalsPerMinute = 1_000_000,
): Promise<PaymentGateway> {
  const log = new CaughtLog();
  const app = Fastify({ logger: { stream: log } });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(
    paymentEvents({
      sources: readSources({ sources }, programs),
      redemptions,
      refusalsPerMinute,
    }),
  );
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    async send(source, { body, headers }) {
      const response = await fetch(`${origin}/v1/payment-events/${source}`, {
        method: 'POST',
        headers,
        body,
      });
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        headers: response.headers,
        text: await response.text(),
      };
    },
    takeLog: () => log.take(),
    close: () => app.close(),
  };
}
