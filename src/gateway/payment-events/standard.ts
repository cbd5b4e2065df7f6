/** Events of everybody else, as Standard Webhooks (standardwebhooks.com), checked by that specification's own library. */
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { idSchema, moneySchema, paymentEventSchema } from '../../redemption.ts';
import { parseJson } from './json.ts';
import type { Translation } from './meaning.ts';
import type { StandardSource } from './sources.ts';

const { paymentId, reason, occurredAt } = paymentEventSchema.shape;
const payload = z.object({ type: z.string() });
const paymentPayload = z.object({
  timestamp: occurredAt,
  data: z.object({
    redemption_id: idSchema,
    program: idSchema.optional(),
    payment_id: paymentId,
    amount: moneySchema.optional(),
    reason,
    /** Of a refund: whether the whole payment was given back. */
    full: z.boolean().default(false),
  }),
});

export const readStandardWebhook: Translation<StandardSource> = (body, headers, { secrets }) => {
  if (!secrets.some((secret) => isSigned(body, headers, secret))) return 'unsigned';
  const eventId = paymentEventSchema.shape.eventId.safeParse(headers['webhook-id']);
  const content = parseJson(body);
  const named = payload.safeParse(content);
  if (!eventId.success || !named.success) return 'malformed';
  const { type } = named.data;
  if (!isPaymentType(type))
    return [{ kind: 'ignored', why: 'event type', event: { eventId: eventId.data } }];
  const told = paymentPayload.safeParse(content);
  if (!told.success) return 'malformed';
  const { data, timestamp } = told.data;
  const about = {
    program: data.program,
    redemptionId: data.redemption_id,
    event: {
      eventId: eventId.data,
      paymentId: data.payment_id,
      occurredAt: timestamp,
      amount: data.amount,
      reason: data.reason,
    },
  };
  return [{ ...verdictOf(type, data.full), ...about }];
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

function verdictOf(type: PaymentType, full: boolean) {
  switch (type) {
    case 'payment.captured':
      return { kind: 'captured' } as const;
    case 'payment.voided':
      return { kind: 'voided' } as const;
    case 'payment.refunded':
      return full
        ? ({ kind: 'voided' } as const)
        : ({ kind: 'recorded', why: 'partial refund' } as const);
    case 'payment.failed':
      return { kind: 'recorded', why: 'failed attempt' } as const;
  }
}

/** The library takes five minutes of difference between the clocks, in both directions. */
function isSigned(body: string, headers: IncomingHttpHeaders, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}
