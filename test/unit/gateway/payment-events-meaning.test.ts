/** What each event of a vendor tells its redemption, as docs/integrate/payment-events.md says. */
import { describe, expect, it } from 'vitest';
import { secrets } from '../../support/gateway/payment-events-gateway.ts';
import {
  adyen,
  adyenItem,
  chargeRefunded,
  paymentIntent,
  standard,
  standardEvent,
  stripe,
  type Delivery,
} from '../../support/gateway/payment-events-senders.ts';
import { useToldRedemptions } from '../../support/gateway/told-redemptions.ts';

const SALE = { program: 'coffee-club', redemptionId: 'R-1' };
const GBP = (amount: string) => ({ amount, currency: 'GBP' });
const PAID = GBP('198.00');

const redemptions = useToldRedemptions();
const { told } = redemptions;

/** Sends an event, and returns what the redemption was told of it, or the sentence that the log has instead. */
async function sent(source: string, delivery: Delivery): Promise<unknown> {
  const { status, text } = await redemptions.send(source, delivery);
  const [line] = redemptions.logged() as { msg: string; why?: string }[];
  const [effect] = line?.msg.replace('payment event ', '').split(':') ?? [];
  expect(status).toBe(200);
  expect(text).toBe(source.startsWith('adyen') ? '[accepted]' : effect?.replace(' ', '-'));
  const [first, ...more] = told;
  expect(more).toEqual([]);
  const kind = expect.stringMatching(/^(captured|voided|refunded|recorded|ignored)$/) as string;
  expect(line).toMatchObject({ source, kind, eventId: expect.stringMatching(/./) as string });
  return first ?? `${effect}: ${line?.why}`;
}

describe('from Stripe', () => {
  const ID = { id: 'evt_1', created: 1_772_366_400 };
  const AT = { eventId: 'evt_1', occurredAt: '2026-03-01T12:00:00.000Z' };
  const from = (event: object, source = 'stripe') =>
    sent(source, stripe({ ...event, ...ID }, { secret: secrets.stripe[0] }));
  const intent = (...[type, overrides]: [Parameters<typeof paymentIntent>[0], object?]) =>
    paymentIntent(type, SALE, overrides);

  it.each([
    ['a payment', intent('succeeded'), 'captured', { paymentId: 'pi_1', amount: PAID }],
    [
      'a payment without decimals',
      intent('succeeded', { currency: 'clp' }),
      'captured',
      { paymentId: 'pi_1', amount: { amount: '19800', currency: 'CLP' } },
    ],
    ['a cancelled payment', intent('canceled'), 'voided', { paymentId: 'pi_1' }],
    ['a whole refund', chargeRefunded(SALE, 19_800), 'voided', { paymentId: 'pi_1' }],
  ] as const)('%s is one', async (_, event, what, payment) => {
    expect(await from(event)).toEqual([what, SALE, { ...AT, ...payment }]);
  });

  it('a refund of a charge without a PaymentIntent names the charge', async () => {
    const refund = chargeRefunded(SALE, 19_800) as { data: { object: object } };
    const data = { object: { ...refund.data.object, payment_intent: null } };
    expect(await from({ ...refund, data })).toEqual(['voided', SALE, { ...AT, paymentId: 'ch_1' }]);
  });

  it.each([
    ['a failed attempt', intent('payment_failed'), 'recorded: failed attempt'],
    ['a partial refund', chargeRefunded(SALE, 19_799), 'recorded: partial refund'],
    ['another event', intent('processing'), 'ignored: event type'],
    [
      'a sale without points',
      intent('succeeded', { metadata: {} }),
      'ignored: no redemption in its metadata',
    ],
    [
      'no metadata',
      intent('succeeded', { metadata: null }),
      'ignored: no redemption in its metadata',
    ],
  ])('%s changes nothing', async (_, event, why) => {
    expect(await from(event)).toBe(why);
  });

  it('names its program where its source has several, and under the key that is configured', async () => {
    const named = intent('succeeded', { metadata: { sale: 'R-1', scheme: 'travel-miles' } });
    expect(await from(named, 'stripe-all')).toMatchObject([
      'captured',
      { program: 'travel-miles', redemptionId: 'R-1' },
      {},
    ]);
  });

  it.each([
    ['of its only program where it names none', 'stripe', { redemption_id: 'R-1' }, 'captured'],
    ['not applied without one of several', 'stripe-all', { sale: 'R-1' }, 'not applied'],
    [
      "not applied to another's",
      'stripe',
      { redemption_id: 'R-1', program: 'travel-miles' },
      'not applied',
    ],
  ])('is %s', async (_, source, metadata, what) => {
    expect(String(await from(intent('succeeded', { metadata }), source))).toContain(what);
  });

  it.each([
    ['an event without an id', { type: 'x', created: 1, data: { object: {} } }],
    ['a time before 1970', { ...intent('succeeded'), id: 'e', created: -1 }],
    ['an amount below zero', intent('succeeded', { amount_received: -1 })],
    ['a currency in capitals', intent('succeeded', { currency: 'GBP' })],
    [
      'a refund that does not say of how much',
      { ...chargeRefunded(SALE, 1), data: { object: {} } },
    ],
  ])('%s is refused', async (_, event) => {
    const delivery = stripe(event, { secret: secrets.stripe[0] });
    expect(await redemptions.send('stripe', delivery)).toMatchObject({ status: 400 });
    expect(redemptions.logged()).toMatchObject([{ source: 'stripe', why: 'malformed' }]);
    expect(told).toEqual([]);
  });
});

describe('from Adyen', () => {
  const from = (items: readonly object[], source = 'adyen') =>
    sent(source, adyen(items, { secret: secrets.adyen[0] }));
  const item = (eventCode: string, overrides: object = {}) =>
    adyenItem(eventCode, SALE, { pspReference: 'PSP1', ...overrides });
  const payment = (eventCode: string) => ({
    eventId: `${eventCode}.PSP1.true`,
    paymentId: eventCode === 'AUTHORISATION' ? 'PSP1' : 'PAYMENT000000001',
  });

  it.each([
    ['AUTHORISATION', 'captured', { amount: PAID }],
    ['CAPTURE', 'captured', { amount: PAID }],
    ['CANCELLATION', 'voided', {}],
    ['TECHNICAL_CANCEL', 'voided', {}],
    ['CANCEL_OR_REFUND', 'voided', {}],
    ['REFUND', 'voided', { amount: PAID }],
  ])('%s is %s', async (eventCode, what, amount) => {
    const event = { ...payment(eventCode), ...amount };
    expect(await from([item(eventCode)])).toEqual([what, SALE, event]);
  });

  it.each([
    ['AUTHORISATION', 'failed attempt'],
    ['CAPTURE', 'failed capture'],
    ['CANCELLATION', 'failed cancellation'],
    ['TECHNICAL_CANCEL', 'failed cancellation'],
    ['CANCEL_OR_REFUND', 'failed cancellation'],
    ['REFUND', 'failed refund'],
  ])('%s without success is recorded', async (eventCode, why) => {
    expect(await from([item(eventCode, { success: 'false' })])).toBe(`recorded: ${why}`);
  });

  it.each([
    [item('CAPTURE_FAILED'), 'recorded: failed capture'],
    [item('REFUND_FAILED'), 'recorded: failed refund'],
    [item('REFUNDED_REVERSED'), 'recorded: failed refund'],
    [item('CAPTURE_FAILED', { originalReference: '' }), 'recorded: failed capture'],
    [item('EXPIRE', { originalReference: '' }), 'ignored: event type'],
    [item('CHARGEBACK'), 'ignored: event type'],
    [item('CANCELLATION', { originalReference: '' }), 'recorded: no payment is named'],
    [item('CANCELLATION', { originalReference: undefined }), 'recorded: no payment is named'],
    [
      item('REFUND', { amount: { value: -1, currency: 'GBP' } }),
      'recorded: refund of unknown extent',
    ],
    [item('AUTHORISATION', { amount: { value: 0, currency: 'GBP' } }), 'ignored: nothing was paid'],
    [item('CAPTURE', { merchantReference: 'R 1' }), 'ignored: merchant reference'],
    [item('CAPTURE', { merchantReference: undefined }), 'ignored: merchant reference'],
  ])('%j changes nothing', async (event, why) => {
    expect(await from([event])).toBe(why);
  });

  it('a capture of an amount that cannot be is one of an unknown amount', async () => {
    const amount = { value: -1, currency: 'GBP' };
    expect(await from([item('CAPTURE', { amount })])).toEqual([
      'captured',
      SALE,
      payment('CAPTURE'),
    ]);
  });

  it('where captures are made by hand, an authorisation is none, and the prefix tells whose sale it is', async () => {
    expect(await from([item('AUTHORISATION')], 'adyen-manual')).toBe(
      'ignored: authorised, not captured',
    );
    const elsewhere = item('CAPTURE', { merchantReference: 'ORDER-R-1' });
    expect(await from([elsewhere], 'adyen-manual')).toBe('ignored: merchant reference');
    expect(await from([item('CAPTURE')], 'adyen-manual')).toMatchObject(['captured', SALE, {}]);
  });

  it('no event is taken whose fields could stand for others: a colon joins them in what is signed', async () => {
    const event = item('CAPTURE', { merchantAccountCode: 'Coffee:Club' });
    const delivery = adyen([event], { secret: secrets.adyen[0] });
    expect(await redemptions.send('adyen', delivery)).toMatchObject({ status: 400 });
    expect(told).toEqual([]);
  });
});

describe('from any other sender', () => {
  const EVENT = { eventId: 'msg_1', occurredAt: '2026-03-01T12:00:00Z', paymentId: 'pay_1' };
  const from = (type: string, data: object = {}) =>
    sent(
      'standard',
      standard(
        { ...standardEvent(type, SALE, data), timestamp: EVENT.occurredAt },
        { secret: secrets.standard[0], id: 'msg_1' },
      ),
    );

  it.each([
    ['payment.captured', {}, 'captured', { amount: PAID }],
    ['payment.captured', { reason: 'late' }, 'captured', { amount: PAID, reason: 'late' }],
    ['payment.voided', {}, 'voided', {}],
    ['payment.refunded', { full: true }, 'voided', {}],
    ['payment.refunded', { full: false }, 'voided', { amount: PAID }],
  ])('%s with %j is %s', async (type, data, what, more) => {
    expect(await from(type, data)).toEqual([what, SALE, { ...EVENT, ...more }]);
  });

  it.each([
    ['payment.refunded', { amount: undefined }, 'recorded: refund of unknown extent'],
    ['payment.failed', {}, 'recorded: failed attempt'],
    ['invoice.paid', {}, 'ignored: event type'],
  ])('%s with %j changes nothing', async (type, data, why) => {
    expect(await from(type, data)).toBe(why);
  });

  it('a signed event that names no sale is refused', async () => {
    const nameless = standardEvent('payment.captured', { ...SALE, redemptionId: '' });
    for (const payload of [nameless, {}, []]) {
      const delivery = standard(payload, { secret: secrets.standard[0] });
      expect(await redemptions.send('standard', delivery)).toMatchObject({ status: 400 });
      expect(redemptions.logged()).toMatchObject([{ why: 'malformed' }]);
    }
    const named = standardEvent('payment.captured', SALE);
    const longId = standard(named, { secret: secrets.standard[0], id: 'x'.repeat(129) });
    expect(await redemptions.send('standard', longId)).toMatchObject({ status: 400 });
    expect(told).toEqual([]);
  });
});
