/** What a sender is answered, so that it comes again when that helps and stays away when it does not. */
import { Connection, Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryption } from '../../../src/encryption/data-converter.ts';
import { RedemptionClient, type RedemptionRequest } from '../../../src/index.ts';
import {
  openPaymentGateway,
  secrets,
  type PaymentGateway,
} from '../../support/gateway/payment-events-gateway.ts';
import {
  adyen,
  adyenBatch,
  adyenItem,
  chargeRefunded,
  newAdyenSecret,
  paymentIntent,
  signedItem,
  standard,
  standardEvent,
  stripe,
} from '../../support/gateway/payment-events-senders.ts';
import type { ProgramId } from '../../support/sandbox-client.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, status, moved } = env;

let gateway: PaymentGateway;
beforeAll(async () => {
  gateway = await openPaymentGateway(env.client, env.programs);
});
afterAll(() => gateway.close());

async function granted(program: ProgramId = 'coffee-club') {
  const alice = await env.sandbox.member(program, 1_000);
  const sale = env.request(alice);
  await redeem(sale);
  return { alice, sale };
}

async function expectUnmoved(sale: RedemptionRequest) {
  expect(await status(sale)).toMatchObject({ status: 'awaiting-payment', granted: true });
}

const fromStripe = (event: object, source = 'stripe') =>
  gateway.send(source, stripe(event, { secret: secrets.stripe[0] }));
const fromAdyen = (items: readonly object[], source = 'adyen') =>
  gateway.send(source, adyen(items, { secret: secrets.adyen[0] }));
const fromStandard = (payload: object, id?: string) =>
  gateway.send(
    'standard',
    standard(payload, { secret: secrets.standard[0], ...(id !== undefined && { id }) }),
  );

const TAKEN = { status: 200, text: 'applied' } as const;
const ACCEPTED = { status: 200, text: '[accepted]' } as const;
const RECORDED = { status: 200, text: 'recorded' } as const;
const IGNORED = { status: 200, text: 'ignored' } as const;

describe('an event from Stripe', () => {
  it('of a program that the source does not name is taken, logged and not applied', async () => {
    const { sale } = await granted('travel-miles');
    gateway.takeLog();
    expect(await fromStripe(paymentIntent('succeeded', sale))).toMatchObject({
      status: 200,
      text: 'not-applied',
    });
    expect(gateway.takeLog()).toContain('the source does not name its program');
    await expectUnmoved(sale);
  });

  it('names its program and its redemption where the source says', async () => {
    const { sale } = await granted('travel-miles');
    const metadata = { sale: sale.redemptionId, scheme: sale.program };
    const named = paymentIntent('succeeded', sale, { metadata, currency: 'inr' });
    expect(await fromStripe(named, 'stripe-all')).toMatchObject(TAKEN);
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  });

  it('needs no program where the source has only one, and needs one where it has more', async () => {
    const { sale } = await granted();
    const { redemptionId } = sale;
    const several = paymentIntent('succeeded', sale, { metadata: { sale: redemptionId } });
    expect(await fromStripe(several, 'stripe-all')).toMatchObject({ text: 'not-applied' });
    await expectUnmoved(sale);
    const only = paymentIntent('succeeded', sale, { metadata: { redemption_id: redemptionId } });
    expect(await fromStripe(only)).toMatchObject(TAKEN);
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  });

  it('of a partial refund is recorded and gives nothing back', async () => {
    const { alice, sale } = await granted();
    await fromStripe(paymentIntent('succeeded', sale));
    await env.ended(sale);
    expect(await fromStripe(chargeRefunded(sale, 500))).toMatchObject(RECORDED);
    expect(await status(sale)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('of a payment that was cancelled gives back', async () => {
    const { alice, sale } = await granted();
    expect(await fromStripe(paymentIntent('canceled', sale))).toMatchObject(TAKEN);
    expect(await env.ended(sale)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('of the whole basket shows that the discount was not given', async () => {
    const { sale } = await granted();
    await fromStripe(paymentIntent('succeeded', sale, { amount_received: 20_000 }));
    await env.until(sale, 'needs-attention');
    expect(await status(sale)).toMatchObject({ reason: 'discount-not-applied' });
    await fromStripe(chargeRefunded(sale, 19_800));
    expect(await env.ended(sale)).toMatchObject({ status: 'compensated' });
  });

  it('of a sale without points, or of another kind, is ignored', async () => {
    const { sale } = await granted();
    for (const metadata of [{}, null, { redemption_id: 'not an id' }])
      expect(await fromStripe(paymentIntent('succeeded', sale, { metadata }))).toMatchObject(
        IGNORED,
      );
    expect(await fromStripe(paymentIntent('processing', sale))).toMatchObject(IGNORED);
    await expectUnmoved(sale);
  });

  it('that is signed and cannot be read is refused', async () => {
    const { sale } = await granted();
    const wrong = [
      paymentIntent('succeeded', sale, { amount_received: 'all of it' }),
      paymentIntent('succeeded', sale, { metadata: { redemption_id: 7 } }),
      { object: 'v2.core.event', id: 'evt_1', type: 'payment_intent.succeeded' },
      { id: 'evt_1' },
      [],
    ];
    for (const event of wrong) expect(await fromStripe(event)).toMatchObject({ status: 400 });
    await expectUnmoved(sale);
  });
});

describe('a batch from Adyen', () => {
  it('is accepted when every item was taken', async () => {
    const [one, two] = [await granted(), await granted()];
    const items = [one, two].map(({ sale }) => adyenItem('CAPTURE', sale));
    expect(await fromAdyen(items)).toMatchObject(ACCEPTED);
    expect(await env.ended(one.sale)).toMatchObject({ status: 'completed' });
    expect(await env.ended(two.sale)).toMatchObject({ status: 'completed' });
  });

  it('comes again for one unknown item, and the others are taken once', async () => {
    const { alice, sale } = await granted();
    const late = env.request(alice);
    const items = [late, sale].map((each) => adyenItem('CAPTURE', each));
    expect(await fromAdyen(items)).toMatchObject({ status: 409 });
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
    await redeem(late);
    expect(await fromAdyen(items)).toMatchObject(ACCEPTED);
    expect(await env.ended(late)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200, -200]);
  });

  it('is refused whole when one item is signed by somebody else, or not at all', async () => {
    const { sale } = await granted();
    const item = adyenItem('CAPTURE', sale);
    const own = signedItem(item, secrets.adyen[0]);
    for (const other of [signedItem(item, newAdyenSecret()), item])
      expect(await gateway.send('adyen', adyenBatch([own, other]))).toMatchObject({ status: 400 });
    await expectUnmoved(sale);
  });

  it('moves nothing by what did not succeed', async () => {
    const { sale } = await granted();
    const codes = ['AUTHORISATION', 'CAPTURE', 'CANCELLATION', 'REFUND', 'CANCEL_OR_REFUND'];
    for (const code of [...codes, 'TECHNICAL_CANCEL'])
      expect(await fromAdyen([adyenItem(code, sale, { success: 'false' })])).toMatchObject(
        ACCEPTED,
      );
    for (const code of ['CAPTURE_FAILED', 'REFUND_FAILED', 'EXPIRE', 'CHARGEBACK'])
      expect(await fromAdyen([adyenItem(code, sale)])).toMatchObject(ACCEPTED);
    await expectUnmoved(sale);
  });

  it('moves nothing by an authorisation where captures are made by hand, or by one of nothing', async () => {
    const { sale } = await granted();
    const authorisation = adyenItem('AUTHORISATION', sale);
    const ofNothing = adyenItem('AUTHORISATION', sale, { amount: { value: 0, currency: 'GBP' } });
    expect(await fromAdyen([authorisation], 'adyen-manual')).toMatchObject(ACCEPTED);
    expect(await fromAdyen([ofNothing])).toMatchObject(ACCEPTED);
    await expectUnmoved(sale);
    expect(await fromAdyen([adyenItem('CAPTURE', sale)], 'adyen-manual')).toMatchObject(ACCEPTED);
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  });

  it('gives back by a refund of all that was captured, and not by one of a part', async () => {
    const { alice, sale } = await granted();
    await fromAdyen([adyenItem('AUTHORISATION', sale)]);
    await env.ended(sale);
    const part = adyenItem('REFUND', sale, { amount: { value: 1, currency: 'GBP' } });
    expect(await fromAdyen([part])).toMatchObject(ACCEPTED);
    expect(await status(sale)).toMatchObject({ status: 'completed' });
    expect(await fromAdyen([adyenItem('REFUND', sale)])).toMatchObject(ACCEPTED);
    expect(await env.ended(sale)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is sent again when its refund has overtaken the capture', async () => {
    const { alice, sale } = await granted();
    expect(await fromAdyen([adyenItem('REFUND', sale)])).toMatchObject({ status: 409 });
    await expectUnmoved(sale);
    await fromAdyen([adyenItem('AUTHORISATION', sale)]);
    await env.ended(sale);
    await fromAdyen([adyenItem('REFUND', sale)]);
    expect(await env.ended(sale)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is accepted when its references are of sales without points', async () => {
    for (const merchantReference of ['ORDER-1', 'R 1', '', undefined])
      expect(
        await fromAdyen(
          [adyenItem('CAPTURE', { redemptionId: '' }, { merchantReference })],
          'adyen-manual',
        ),
      ).toMatchObject(ACCEPTED);
  });

  it('voids no sale by a cancellation that names no payment', async () => {
    const { sale } = await granted();
    const nameless = adyenItem('TECHNICAL_CANCEL', sale, { originalReference: '' });
    expect(await fromAdyen([nameless])).toMatchObject(ACCEPTED);
    await expectUnmoved(sale);
  });
});

describe('a standard webhook', () => {
  it('of a refund of unknown extent is recorded, and of another type ignored', async () => {
    const { sale } = await granted();
    const refunded = standardEvent('payment.refunded', sale, { amount: undefined });
    expect(await fromStandard(refunded)).toMatchObject(RECORDED);
    expect(await fromStandard({ type: 'invoice.paid' })).toMatchObject(IGNORED);
    await expectUnmoved(sale);
  });

  it('that is signed and cannot be read is refused', async () => {
    const { sale } = await granted();
    const wrong = [
      standardEvent('payment.captured', { ...sale, redemptionId: 'not an id' }),
      standardEvent('payment.captured', sale, { amount: { amount: 198, currency: 'GBP' } }),
      standardEvent('payment.captured', sale, { reason: 'x'.repeat(201) }),
      { type: 'payment.captured' },
      { data: {} },
      [],
    ];
    for (const payload of wrong) expect(await fromStandard(payload)).toMatchObject({ status: 400 });
    const captured = standardEvent('payment.captured', sale);
    expect(await fromStandard(captured, 'x'.repeat(129))).toMatchObject({ status: 400 });
    await expectUnmoved(sale);
  });
});

describe('the gateway', () => {
  const PROBLEM = { type: expect.stringContaining('application/problem+json') };

  it('asks for the event again while Temporal is not reachable', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const cutOff = new RedemptionClient({
      temporal: new Client({ connection, dataConverter: encryption() }),
      programs: env.programs,
    });
    const other = await openPaymentGateway(cutOff, env.programs);
    const { sale } = await granted();
    const delivery = stripe(paymentIntent('succeeded', sale), { secret: secrets.stripe[0] });
    expect(await other.send('stripe', delivery)).toMatchObject({ ...PROBLEM, status: 503 });
    await other.close();
    await connection.close();
    expect(await gateway.send('stripe', delivery)).toMatchObject(TAKEN);
    expect(await env.ended(sale)).toMatchObject({ status: 'completed' });
  });

  it('does not ask again for a sale that was ended by force', async () => {
    const { sale } = await granted();
    await env.abandon(sale);
    expect(await fromStripe(paymentIntent('succeeded', sale))).toMatchObject({
      status: 200,
      text: 'not-applied',
    });
  });
});
