/** The three vendors as senders: their events, made and signed by their own libraries. */
import type { NotificationRequestItem } from '@adyen/api-library/lib/src/typings/notification/notificationRequestItem.js';
import adyenLibrary from '@adyen/api-library/lib/src/utils/index.js';
import { randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { Stripe } from 'stripe';
import type { RedemptionRequest } from '../../../src/index.ts';

export interface Delivery {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Signing {
  readonly secret: string;
  /** When it was signed; now, unless said otherwise. */
  readonly at?: Date;
}

type Sale = Pick<RedemptionRequest, 'program' | 'redemptionId'>;

/** What a vendor would never leave out and no log line may hold. */
export const PERSONAL = 'jane.doe@example.org';

export const newStripeSecret = () => `whsec_${randomBytes(24).toString('hex')}`;
export const newAdyenSecret = () => randomBytes(32).toString('hex').toUpperCase();
export const newStandardSecret = () => `whsec_${randomBytes(24).toString('base64')}`;

export function stripe(event: object, { secret, at = new Date() }: Signing): Delivery {
  const body = JSON.stringify(event, undefined, 2);
  const signature = Stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: Math.floor(at.getTime() / 1_000),
  });
  return {
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  };
}

function stripeEvent(type: string, object: object): object {
  return {
    id: `evt_${randomUUID()}`,
    object: 'event',
    api_version: '2026-01-28.clover',
    created: Math.floor(Date.now() / 1_000),
    livemode: false,
    type,
    data: { object: { ...object, receipt_email: PERSONAL } },
  };
}

const metadataOf = ({ program, redemptionId }: Sale) => ({ redemption_id: redemptionId, program });

export function paymentIntent(
  type: 'succeeded' | 'canceled' | 'payment_failed' | 'processing',
  sale: Sale,
  overrides: object = {},
): object {
  return stripeEvent(`payment_intent.${type}`, {
    id: 'pi_1',
    object: 'payment_intent',
    amount: 19_800,
    amount_received: type === 'succeeded' ? 19_800 : 0,
    currency: 'gbp',
    metadata: metadataOf(sale),
    ...overrides,
  });
}

export function chargeRefunded(sale: Sale, amountRefunded: number): object {
  return stripeEvent('charge.refunded', {
    id: 'ch_1',
    object: 'charge',
    amount: 19_800,
    amount_captured: 19_800,
    amount_refunded: amountRefunded,
    captured: true,
    currency: 'gbp',
    payment_intent: 'pi_1',
    refunded: amountRefunded === 19_800,
    metadata: metadataOf(sale),
  });
}

const validator = new adyenLibrary.hmacValidator();

export function adyen(items: readonly object[], { secret }: Signing): Delivery {
  return adyenBatch(items.map((item) => signedItem(item, secret)));
}

export function adyenBatch(items: readonly object[]): Delivery {
  const notificationItems = items.map((item) => ({ NotificationRequestItem: item }));
  return {
    body: JSON.stringify({ live: 'false', notificationItems }),
    headers: { 'content-type': 'application/json' },
  };
}

export function signedItem(item: object, secret: string): object {
  const hmacSignature = validator.calculateHmac(item as NotificationRequestItem, secret);
  return { ...item, additionalData: { hmacSignature, shopperEmail: PERSONAL } };
}

export function adyenItem(
  eventCode: string,
  { redemptionId }: Pick<Sale, 'redemptionId'>,
  overrides: object = {},
): object {
  const pspReference = `PSP${randomUUID().slice(0, 13).toUpperCase()}`;
  return {
    eventCode,
    pspReference: eventCode === 'AUTHORISATION' ? 'PAYMENT000000001' : pspReference,
    originalReference: eventCode === 'AUTHORISATION' ? '' : 'PAYMENT000000001',
    merchantAccountCode: 'CoffeeClubPOS',
    merchantReference: redemptionId,
    amount: { currency: 'GBP', value: 19_800 },
    eventDate: '2026-03-01T12:00:00+01:00',
    success: 'true',
    reason: '',
    ...overrides,
  };
}

export function standard(
  payload: object,
  { secret, at = new Date(), id = `msg_${randomUUID()}` }: Signing & { readonly id?: string },
): Delivery {
  const body = JSON.stringify(payload);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
    },
  };
}

export function standardEvent(type: string, sale: Sale, data: object = {}): object {
  return {
    type,
    timestamp: new Date().toISOString(),
    data: {
      ...metadataOf(sale),
      payment_id: 'pay_1',
      amount: { amount: '198.00', currency: 'GBP' },
      payer: PERSONAL,
      ...data,
    },
  };
}
