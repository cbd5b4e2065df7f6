/**
 * Reads Adyen's standard webhooks. Adyen's signature covers eight fields of an item, but not the time or the metadata. Only those eight are believed, and a replay cannot be told from a repetition.
 */
import { z } from 'zod';
import { hmacSha256, isSameText } from '../../http/signatures.ts';
import { idSchema } from '../../schemas/redemption.ts';
import { parseJson } from './json.ts';
import { moneyAt } from './minor-units.ts';
import type { AdyenSource } from './sources.ts';
import type { Meaning, Translation } from './translation.ts';

/** A field must hold no colon, because colons join the fields of the signed text, and two items could have the same text. */
const signed = z.string().regex(/^[^:]*$/);
const itemSchema = z.object({
  pspReference: signed.min(1).max(64),
  originalReference: signed.max(64).nullish(),
  merchantAccountCode: signed,
  merchantReference: z.string().nullish(),
  amount: z.object({ value: z.int(), currency: signed }),
  eventCode: signed.min(1).max(40),
  success: z.enum(['true', 'false']),
  additionalData: z.object({ hmacSignature: z.string().min(1) }).nullish(),
});
type Item = z.infer<typeof itemSchema>;

const batchSchema = z.object({
  notificationItems: z
    .array(z.object({ NotificationRequestItem: itemSchema }))
    .min(1)
    .max(100),
});

export const readAdyen: Translation<AdyenSource> = (body, _headers, source) => {
  const batch = batchSchema.safeParse(parseJson(body));
  if (!batch.success) return 'malformed';
  const items = batch.data.notificationItems.map((entry) => entry.NotificationRequestItem);
  // One item with a wrong signature discredits the whole batch.
  if (!items.every((item) => isSigned(item, source))) return 'unsigned';
  return items.map((item) => meaningOf(item, source));
};

/** The signature is the HMAC-SHA256, in base64, of the fields with colons between them. */
function isSigned(item: Item, { secrets }: AdyenSource): boolean {
  const { pspReference, originalReference, merchantAccountCode, merchantReference } = item;
  const { amount, eventCode, success, additionalData } = item;
  if (!additionalData) return false;
  const text = [
    pspReference,
    originalReference,
    merchantAccountCode,
    merchantReference,
    amount.value,
    amount.currency,
    eventCode,
    success,
  ].join(':');
  return secrets.some((secret) =>
    isSameText(
      additionalData.hmacSignature,
      hmacSha256(Buffer.from(secret, 'hex'), text, 'base64'),
    ),
  );
}

function meaningOf(item: Item, source: AdyenSource): Meaning {
  const { pspReference, originalReference, merchantReference, eventCode, success } = item;
  // Adyen numbers no events. These three fields identify one, also when Adyen corrects itself.
  const told = { eventId: `${eventCode}.${pspReference}.${success}` };
  const redemptionId = idSchema.safeParse(merchantReference);
  if (!redemptionId.success || !redemptionId.data.startsWith(source.merchantReferencePrefix))
    return { kind: 'ignored', why: 'merchant reference', event: told };
  const named = eventCode === 'AUTHORISATION' ? pspReference : originalReference;
  const paymentId = named === '' ? undefined : (named ?? undefined);
  const event = { ...told, paymentId };
  const about = { redemptionId: redemptionId.data, event };
  const reading = readingOf(item, source);
  if (reading.kind === 'ignored' || reading.kind === 'recorded') return { ...about, ...reading };
  // Without a payment id it would count as a void of the whole sale, which another payment may have paid.
  if (paymentId === undefined) return { ...about, kind: 'recorded', why: 'no payment is named' };
  if (reading.kind === 'voided') return { ...about, ...reading };
  const amount = moneyAt('adyen', item.amount.value, item.amount.currency);
  if (reading.kind === 'refunded' && amount === undefined)
    return { ...about, kind: 'recorded', why: 'refund of unknown extent' };
  return { ...about, ...reading, event: { ...event, amount } };
}

type Reading =
  | { readonly kind: 'captured' | 'voided' | 'refunded' }
  | { readonly kind: 'recorded'; readonly why: string }
  | { readonly kind: 'ignored'; readonly why: string };

function readingOf({ eventCode, success, amount }: Item, source: AdyenSource): Reading {
  const succeeded = success === 'true';
  switch (eventCode) {
    case 'AUTHORISATION':
      if (!succeeded) return { kind: 'recorded', why: 'failed attempt' };
      if (source.capture === 'manual') return { kind: 'ignored', why: 'authorised, not captured' };
      // An authorisation of nothing only checks or stores a card.
      if (amount.value <= 0) return { kind: 'ignored', why: 'nothing was paid' };
      return { kind: 'captured' };
    case 'CAPTURE':
      return succeeded ? { kind: 'captured' } : { kind: 'recorded', why: 'failed capture' };
    case 'CAPTURE_FAILED':
      return { kind: 'recorded', why: 'failed capture' };
    case 'CANCELLATION':
    case 'TECHNICAL_CANCEL':
    case 'CANCEL_OR_REFUND':
      return succeeded ? { kind: 'voided' } : { kind: 'recorded', why: 'failed cancellation' };
    case 'REFUND':
      return succeeded ? { kind: 'refunded' } : { kind: 'recorded', why: 'failed refund' };
    case 'REFUND_FAILED':
    case 'REFUNDED_REVERSED':
      return { kind: 'recorded', why: 'failed refund' };
    default:
      return { kind: 'ignored', why: 'event type' };
  }
}
