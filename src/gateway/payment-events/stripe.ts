/** Reads Stripe's events, and checks them with Stripe's own library. A payment is a PaymentIntent whose metadata names the sale. */
import { Stripe } from 'stripe';
import { z } from 'zod';
import { idSchema, type Money } from '../../schemas/redemption.ts';
import { moneyAt } from './minor-units.ts';
import type { StripeSource } from './sources.ts';
import type { Meaning, InvalidDelivery, Translation } from './translation.ts';

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
  const opened = open(body, headers['stripe-signature'], source);
  if (opened === 'unsigned' || opened === 'malformed') return opened;
  const event = envelope.safeParse(opened);
  if (!event.success) return 'malformed';
  try {
    return [meaningOf(event.data, source)];
  } catch (error) {
    if (error instanceof z.ZodError) return 'malformed';
    throw error;
  }
};

function open(
  body: string,
  signature: string | string[] | undefined,
  { secrets, tolerance }: StripeSource,
): Stripe.Event | InvalidDelivery {
  if (typeof signature !== 'string') return 'unsigned';
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret, Math.floor(tolerance / 1_000));
    } catch (error) {
      // Any other error means that the body is signed, and cannot be read.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return 'malformed';
    }
  }
  return 'unsigned';
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
