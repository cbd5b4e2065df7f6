/** Reads events of any other sender, as Standard Webhooks (standardwebhooks.com). */
import { z } from 'zod';
import { isSignedWebhook } from '../../http/standard-webhooks.ts';
import { idSchema, moneySchema, paymentEventSchema } from '../../schemas/redemption.ts';
import { parseJson } from './json.ts';
import type { StandardSource } from './sources.ts';
import type { Translation } from './translation.ts';

const event = paymentEventSchema.shape;
const payload = z.object({ type: z.string() });
const paymentPayload = z.object({
  timestamp: event.occurredAt,
  data: z.object({
    redemption_id: idSchema,
    program: idSchema.optional(),
    payment_id: event.paymentId,
    amount: moneySchema.optional(),
    reason: event.reason,
    /** For a refund: true if the whole payment was given back. */
    full: z.boolean().default(false),
  }),
});

export const readStandardWebhook: Translation<StandardSource> = (body, headers, { secrets }) => {
  if (!secrets.some((secret) => isSignedWebhook(secret, headers, body))) return 'unsigned';
  const eventId = paymentEventSchema.shape.eventId.safeParse(headers['webhook-id']);
  const content = parseJson(body);
  const named = payload.safeParse(content);
  if (!eventId.success || !named.success) return 'malformed';
  const { type } = named.data;
  if (!isPaymentType(type))
    return [{ kind: 'ignored', why: 'event type', event: { eventId: eventId.data } }];
  const told = paymentPayload.safeParse(content);
  if (!told.success) return 'malformed';
  const {
    program,
    redemption_id: redemptionId,
    payment_id: paymentId,
    amount,
    reason,
    full,
  } = told.data.data;
  const event = { eventId: eventId.data, paymentId, occurredAt: told.data.timestamp, reason };
  const about = { program, redemptionId };
  switch (type) {
    case 'payment.captured':
      return [{ kind: 'captured', ...about, event: { ...event, amount } }];
    case 'payment.voided':
      return [{ kind: 'voided', ...about, event }];
    case 'payment.refunded':
      if (full) return [{ kind: 'voided', ...about, event }];
      if (amount !== undefined)
        return [{ kind: 'refunded', ...about, event: { ...event, amount } }];
      return [{ kind: 'recorded', why: 'refund of unknown extent', ...about, event }];
    case 'payment.failed':
      return [{ kind: 'recorded', why: 'failed attempt', ...about, event }];
  }
};

const paymentTypes = [
  'payment.captured',
  'payment.voided',
  'payment.refunded',
  'payment.failed',
] as const;
type PaymentType = (typeof paymentTypes)[number];

function isPaymentType(type: string): type is PaymentType {
  return (paymentTypes as readonly string[]).includes(type);
}
