/** Stripe's events, checked by its own library. A payment is a PaymentIntent; the sale is named in its metadata. */
import { Stripe } from 'stripe';
import { z } from 'zod';
import { idSchema } from '../../redemption.ts';
import type { Meaning, Refusal, Translation } from './meaning.ts';
import { moneyAt } from './minor-units.ts';
import type { StripeSource } from './sources.ts';

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
): Stripe.Event | Refusal {
  if (typeof signature !== 'string') return 'unsigned';
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret, Math.floor(tolerance / 1_000));
    } catch (error) {
      // Whatever else it throws is of a signed body that it cannot read.
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) return 'malformed';
    }
  }
  return 'unsigned';
}

function meaningOf({ id, type, created, data }: z.infer<typeof envelope>, source: StripeSource) {
  const told = { eventId: id, occurredAt: new Date(created * 1_000).toISOString() };

  function about(
    found: z.infer<typeof metadata>,
    paymentId: string,
    verdict: { kind: 'captured' | 'voided' } | { kind: 'recorded'; why: string },
    amount?: ReturnType<typeof moneyAt>,
  ): Meaning {
    const redemptionId = idSchema.safeParse(found?.[source.redemptionId.metadata]);
    if (!redemptionId.success)
      return { kind: 'ignored', why: 'no redemption in its metadata', event: told };
    const event = { ...told, paymentId, ...(amount !== undefined && { amount }) };
    return {
      ...verdict,
      program: found?.[source.program.metadata],
      redemptionId: redemptionId.data,
      event,
    };
  }

  switch (type) {
    case 'payment_intent.succeeded': {
      const intent = paymentIntent.parse(data.object);
      const amount = moneyAt('stripe', intent.amount_received, intent.currency.toUpperCase());
      return about(intent.metadata, intent.id, { kind: 'captured' }, amount);
    }
    case 'payment_intent.canceled': {
      const intent = paymentIntent.parse(data.object);
      return about(intent.metadata, intent.id, { kind: 'voided' });
    }
    case 'payment_intent.payment_failed': {
      const intent = paymentIntent.parse(data.object);
      return about(intent.metadata, intent.id, { kind: 'recorded', why: 'failed attempt' });
    }
    case 'charge.refunded': {
      const { payment_intent, refunded, ...refund } = charge.parse(data.object);
      return about(
        refund.metadata,
        payment_intent ?? refund.id,
        refunded ? { kind: 'voided' } : { kind: 'recorded', why: 'partial refund' },
      );
    }
    default:
      return { kind: 'ignored', why: 'event type', event: told } as const;
  }
}
