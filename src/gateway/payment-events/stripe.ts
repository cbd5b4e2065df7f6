/** Reads Stripe's events, signed with its scheme `v1`. A payment is a PaymentIntent whose metadata names the sale. */
import { z } from 'zod';
import { hmacSha256, isSameText } from '../../http/signatures.ts';
import { idSchema, type Money } from '../../schemas/redemption.ts';
import { parseJson } from './json.ts';
import { moneyAt } from './minor-units.ts';
import type { StripeSource } from './sources.ts';
import type { Meaning, Translation } from './translation.ts';

const text = z.string().min(1).max(128);
const metadata = z.record(z.string(), z.string()).nullish();
const envelope = z.object({
  id: text,
  type: z.string(),
  created: z.int().min(0).max(253_402_300_799),
  data: z.object({ object: z.unknown() }),
});
const paymentIntent = z.object({
  id: text,
  amount_received: z.int().min(0),
  currency: z.string().regex(/^[a-z]{3}$/),
  metadata,
});
/** Stripe copies the metadata of a PaymentIntent to its charge. */
const charge = z.object({
  id: text,
  payment_intent: text.nullish(),
  refunded: z.boolean(),
  metadata,
});

export const readStripe: Translation<StripeSource> = (body, headers, source) => {
  if (!isSigned(body, headers['stripe-signature'], source)) return 'unsigned';
  const event = envelope.safeParse(parseJson(body));
  if (!event.success) return 'malformed';
  try {
    return [meaningOf(event.data, source)];
  } catch (error) {
    if (error instanceof z.ZodError) return 'malformed';
    throw error;
  }
};

/**
 * Checks `Stripe-Signature: t=TIME,v1=HEX,…`: the HMAC-SHA256 of `TIME.BODY`. Other schemes, such as `v0` of test events, count
 * for nothing.
 */
function isSigned(
  body: string,
  header: string | string[] | undefined,
  { secrets, tolerance }: StripeSource,
): boolean {
  if (typeof header !== 'string') return false;
  const entries = header.split(',').map((entry) => entry.split('=', 2));
  const valuesOf = (name: string) =>
    entries.filter(([key]) => key === name).map(([, value = '']) => value);
  const [time = '', ...more] = valuesOf('t');
  // With two times, it would depend on the reader which of them is signed.
  if (more.length > 0 || !/^\d{1,12}$/.test(time)) return false;
  if (Date.now() / 1_000 - Number(time) > tolerance / 1_000) return false;
  const signatures = valuesOf('v1');
  return secrets.some((secret) => {
    const expected = hmacSha256(secret, `${time}.${body}`, 'hex');
    return signatures.some((signature) => isSameText(signature, expected));
  });
}

function meaningOf(
  { id, type, created, data }: z.infer<typeof envelope>,
  source: StripeSource,
): Meaning {
  const told = { eventId: id, occurredAt: new Date(created * 1_000).toISOString() };
  const reported = changeOf(type, data.object);
  if (reported === undefined) return { kind: 'ignored', why: 'event type', event: told };
  const { change, metadata: found, ...payment } = reported;
  const redemptionId = idSchema.safeParse(found?.[source.redemptionId.metadata]);
  if (!redemptionId.success)
    return { kind: 'ignored', why: 'no redemption in its metadata', event: told };
  return {
    ...change,
    program: found?.[source.program.metadata],
    redemptionId: redemptionId.data,
    event: { ...told, ...payment },
  };
}

interface PaymentChange {
  readonly change: { kind: 'captured' | 'voided' } | { kind: 'recorded'; why: string };
  readonly paymentId: string;
  readonly amount?: Money | undefined;
  readonly metadata: z.infer<typeof metadata>;
}

/** @throws ZodError when the object is not what Stripe describes */
function changeOf(type: string, object: unknown): PaymentChange | undefined {
  switch (type) {
    case 'payment_intent.succeeded': {
      const { id, metadata, amount_received, currency } = paymentIntent.parse(object);
      const amount = moneyAt('stripe', amount_received, currency.toUpperCase());
      return { change: { kind: 'captured' }, paymentId: id, amount, metadata };
    }
    case 'payment_intent.canceled': {
      const { id, metadata } = paymentIntent.parse(object);
      return { change: { kind: 'voided' }, paymentId: id, metadata };
    }
    case 'payment_intent.payment_failed': {
      const { id, metadata } = paymentIntent.parse(object);
      return { change: { kind: 'recorded', why: 'failed attempt' }, paymentId: id, metadata };
    }
    case 'charge.refunded': {
      const { id, payment_intent, metadata, refunded } = charge.parse(object);
      const change = refunded
        ? ({ kind: 'voided' } as const)
        : ({ kind: 'recorded', why: 'partial refund' } as const);
      return { change, paymentId: payment_intent ?? id, metadata };
    }
    default:
      return undefined;
  }
}
