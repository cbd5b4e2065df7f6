/** What a payment system says moves the redemption that it names: signed by the vendors' own libraries, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import {
  openPaymentGateway,
  secrets,
  type PaymentGateway,
} from '../../support/gateway/payment-events-gateway.ts';
import {
  adyen,
  adyenItem,
  chargeRefunded,
  newAdyenSecret,
  newStandardSecret,
  newStripeSecret,
  paymentIntent,
  PERSONAL,
  standard,
  standardEvent,
  stripe,
  type Delivery,
} from '../../support/gateway/payment-events-senders.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { Random } from '../../system/chaos/random.ts';

const env = useTestEnvironment();
const { redeem, status, moved, fulfilmentOf } = env;

let gateway: PaymentGateway;
beforeAll(async () => {
  gateway = await openPaymentGateway(env.client, env.programs);
});
afterAll(() => gateway.close());

interface Signing {
  readonly secret?: string;
  readonly at?: Date;
}

interface Vendor {
  readonly name: string;
  readonly source: string;
  readonly secrets: readonly [string, string];
  readonly foreignSecret: string;
  captured(sale: RedemptionRequest, signing?: Signing): Delivery;
  voided(sale: RedemptionRequest, signing?: Signing): Delivery;
  failed(sale: RedemptionRequest): Delivery;
  /** Of another payment attempt than the one that is captured. */
  otherVoided(sale: RedemptionRequest): Delivery;
  readonly hasTime: boolean;
}

const vendors: readonly Vendor[] = [
  {
    name: 'Stripe',
    source: 'stripe',
    secrets: secrets.stripe,
    foreignSecret: newStripeSecret(),
    captured: (sale, signing) =>
      stripe(paymentIntent('succeeded', sale), { secret: secrets.stripe[0], ...signing }),
    voided: (sale, signing) =>
      stripe(chargeRefunded(sale, 19_800), { secret: secrets.stripe[0], ...signing }),
    failed: (sale) => stripe(paymentIntent('payment_failed', sale), { secret: secrets.stripe[0] }),
    otherVoided: (sale) =>
      stripe(paymentIntent('canceled', sale, { id: 'pi_2' }), { secret: secrets.stripe[0] }),
    hasTime: true,
  },
  {
    name: 'Adyen',
    source: 'adyen',
    secrets: secrets.adyen,
    foreignSecret: newAdyenSecret(),
    captured: (sale, signing) =>
      adyen([adyenItem('AUTHORISATION', sale)], { secret: secrets.adyen[0], ...signing }),
    voided: (sale, signing) =>
      adyen([adyenItem('CANCEL_OR_REFUND', sale)], { secret: secrets.adyen[0], ...signing }),
    failed: (sale) =>
      adyen(
        [adyenItem('AUTHORISATION', sale, { success: 'false', pspReference: 'DECLINED00000001' })],
        { secret: secrets.adyen[0] },
      ),
    otherVoided: (sale) =>
      adyen([adyenItem('CANCELLATION', sale, { originalReference: 'PAYMENT000000002' })], {
        secret: secrets.adyen[0],
      }),
    hasTime: false,
  },
  {
    name: 'Standard Webhooks',
    source: 'standard',
    secrets: secrets.standard,
    foreignSecret: newStandardSecret(),
    captured: (sale, signing) =>
      standard(standardEvent('payment.captured', sale), {
        secret: secrets.standard[0],
        ...signing,
      }),
    voided: (sale, signing) =>
      standard(standardEvent('payment.refunded', sale, { full: true }), {
        secret: secrets.standard[0],
        ...signing,
      }),
    failed: (sale) =>
      standard(standardEvent('payment.failed', sale), { secret: secrets.standard[0] }),
    otherVoided: (sale) =>
      standard(standardEvent('payment.voided', sale, { payment_id: 'pay_2' }), {
        secret: secrets.standard[0],
      }),
    hasTime: true,
  },
];

const GIVEN_BACK = { status: 'compensated', reason: 'payment-voided', granted: false } as const;

async function granted() {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const sale = env.request(alice);
  expect(await redeem(sale)).toMatchObject({ granted: true, status: 'awaiting-payment' });
  return { alice, sale };
}

describe.each(vendors)('what $name reports', (vendor) => {
  const { source, captured, voided, failed } = vendor;
  const send = (delivery: Delivery) => gateway.send(source, delivery);

  it('completes a sale that was captured, also after a card was declined', async () => {
    const { alice, sale } = await granted();
    expect(await send(failed(sale))).toMatchObject({ status: 200 });
    expect(await status(sale)).toMatchObject({ status: 'awaiting-payment', granted: true });
    expect(await send(captured(sale))).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('gives back what was voided before it was captured', async () => {
    const { alice, sale } = await granted();
    expect(await send(voided(sale))).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject(GIVEN_BACK);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('gives back what was refunded in full after completion', async () => {
    const { alice, sale } = await granted();
    await send(captured(sale));
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
    expect(await send(voided(sale))).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject(GIVEN_BACK);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await fulfilmentOf(sale)).toBe('cancelled');
  });

  it('gives nothing back when another payment attempt is voided after completion', async () => {
    const { alice, sale } = await granted();
    await gateway.send(vendor.source, vendor.captured(sale));
    await env.ended(sale);
    expect(await gateway.send(vendor.source, vendor.otherVoided(sale))).toMatchObject({
      status: 200,
    });
    expect(await env.ended(sale)).toMatchObject({ status: 'completed', granted: true });
    expect(await moved(alice)).toEqual([-200]);
    expect(await fulfilmentOf(sale)).not.toBe('cancelled');
  });

  it.each([1, 2, 3])('has one ending after a hundred repetitions, shuffled by %i', async (seed) => {
    const { alice, sale } = await granted();
    const capture = captured(sale);
    const refund = voided(sale);
    const random = new Random(seed);
    const deliveries = Array.from({ length: 100 }, () => (random.chance(0.5) ? capture : refund));
    const answers = await Promise.all([...deliveries, capture, refund].map(send));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await env.until(sale, 'compensated')).toMatchObject(GIVEN_BACK);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is taken by the old secret and the new one, and by no other', async () => {
    const { sale } = await granted();
    const [, fresh] = vendor.secrets;
    expect(await send(captured(sale, { secret: vendor.foreignSecret }))).toMatchObject({
      status: 400,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(await status(sale)).toMatchObject({ status: 'awaiting-payment' });
    expect(await send(captured(sale, { secret: fresh }))).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  });

  it('is asked for again while its redemption is unknown', async () => {
    const alice = await env.sandbox.member('coffee-club', 1_000);
    const sale = env.request(alice);
    const refund = voided(sale);
    expect(await send(captured(sale))).toMatchObject({ status: 409 });
    expect(await send(refund)).toMatchObject({
      status: 409,
      text: expect.stringContaining('urn:points-redemption:problem:not-known-yet'),
    });
    await redeem(sale);
    expect(await send(refund)).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject(GIVEN_BACK);
  });

  it('leaves nothing of the payer or the member in the log', async () => {
    const { sale } = await granted();
    gateway.takeLog();
    const event = captured(sale);
    await send(event);
    await send({ ...event, body: `${event.body} ` });
    await send({ ...event, body: event.body.slice(1) });
    const log = gateway.takeLog();
    expect(event.body).toContain(PERSONAL);
    expect(log).toContain(sale.redemptionId);
    expect(log).not.toContain(PERSONAL);
    expect(log).not.toContain(sale.member);
  });
});

const timed = vendors.filter(({ hasTime }) => hasTime);

describe('a signature of six minutes ago', () => {
  it.each(timed)('is refused from $name', async ({ source, captured }) => {
    const { sale } = await granted();
    const old = captured(sale, { at: new Date(Date.now() - 6 * 60_000) });
    expect(await gateway.send(source, old)).toMatchObject({ status: 400 });
    expect(await status(sale)).toMatchObject({ status: 'awaiting-payment' });
  });
});

describe('one byte changed', () => {
  /** Of the whole body, or of what `parts` finds in it. */
  async function changeEachByte({ source, captured }: Vendor, parts = /[^]+/g) {
    const { sale } = await granted();
    const { body, headers } = captured(sale);
    const places = [...body.matchAll(parts)].flatMap(({ 0: part, index }) =>
      Array.from(part, (_, offset) => index + offset),
    );
    expect(places.length).toBeGreaterThan(100);
    for (const place of places) {
      const changed = new Uint8Array(Buffer.from(body));
      changed[place] = (changed[place] ?? 0) ^ 1;
      expect(await gateway.send(source, { headers, body: changed })).toMatchObject({ status: 400 });
    }
    expect(await status(sale)).toMatchObject({ status: 'awaiting-payment', granted: true });
    expect(await gateway.send(source, { headers, body })).toMatchObject({ status: 200 });
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  }

  it.each(timed)('is refused from $name', (vendor) => changeEachByte(vendor));

  it.each(vendors.filter(({ hasTime }) => !hasTime))(
    'is refused from $name in everything that it signs, and in the signature',
    (vendor) =>
      // The last character of a base64 text has bits that mean nothing.
      changeEachByte(
        vendor,
        /(?<="(pspReference|merchantAccountCode|merchantReference|currency|eventCode|success)":")[^"]+|(?<="hmacSignature":")[^"=]+(?=[^"=]=")|(?<="value":)\d+/g,
      ),
  );
});
