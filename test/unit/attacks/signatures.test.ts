/** Our signatures are those of the vendors: their published vectors, and their own libraries. */
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readAdyen } from '../../../src/gateway/payment-events/adyen.ts';
import { readStripe } from '../../../src/gateway/payment-events/stripe.ts';
import { hmacSha256 } from '../../../src/http/signatures.ts';
import { isSignedWebhook, signWebhook } from '../../../src/http/standard-webhooks.ts';
import {
  newStripeSecret,
  paymentIntent,
  stripe,
} from '../../support/gateway/payment-events-senders.ts';

afterEach(() => vi.useRealTimers());

describe('Adyen', () => {
  /** From Adyen/adyen-ruby-api-library, spec/utils/hmac_validator_spec.rb. */
  const KEY = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
  const item = {
    additionalData: { hmacSignature: 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=' },
    amount: { value: 1130, currency: 'EUR' },
    pspReference: '7914073381342284',
    eventCode: 'AUTHORISATION',
    merchantAccountCode: 'TestMerchant',
    merchantReference: 'TestPayment-1407325143704',
    paymentMethod: 'visa',
    success: 'true',
  };
  const source = {
    id: 'adyen',
    kind: 'adyen' as const,
    programs: ['coffee-club'],
    secrets: [KEY],
    capture: 'automatic' as const,
    merchantReferencePrefix: '',
  };
  const read = (changed: object = {}, secrets = source.secrets) =>
    readAdyen(
      JSON.stringify({
        notificationItems: [{ NotificationRequestItem: { ...item, ...changed } }],
      }),
      {},
      { ...source, secrets },
    );

  it("takes the example of the vendor's own tests", () => {
    expect(read()).toMatchObject([{ kind: 'captured', redemptionId: 'TestPayment-1407325143704' }]);
  });

  /** From the same repository, spec/mocks/responses/Webhooks/mixed_webhook.json. */
  it('joins the fields as they are, slashes and colons too', () => {
    const mixed = {
      additionalData: { hmacSignature: 'CZErGCNQaSsxbaQfZaJlakqo7KPP+mIa8a+wx3yNs9A=' },
      amount: { value: 1_000, currency: 'EUR' },
      merchantAccountCode: 'AntoniStroinski',
      merchantReference: String.raw`\:/\/slashes are fun`,
      pspReference: 'ZVWN7D3WSMK2WN82',
    };
    const secrets = ['74F490DD33F7327BAECC88B2947C011FC02D014A473AAA33A8EC93E4DC069174'];
    expect(read(mixed, secrets)).toMatchObject([{ kind: 'ignored', why: 'merchant reference' }]);
    expect(read(mixed)).toBe('unsigned');
  });

  it.each([
    { success: 'false' },
    { eventCode: 'REFUND' },
    { amount: { value: 1131, currency: 'EUR' } },
    { amount: { value: 1130, currency: 'USD' } },
    { pspReference: '7914073381342285' },
    { originalReference: 'x' },
    { merchantAccountCode: 'Another' },
    { merchantReference: 'TestPayment-1407325143705' },
    { additionalData: { hmacSignature: '' } },
    { additionalData: { hmacSignature: 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0' } },
  ])('refuses it with another byte: %j', (changed) => {
    expect(read(changed)).toBeTypeOf('string');
  });
});

describe('Standard Webhooks', () => {
  /** From standard-webhooks/standard-webhooks, libraries/javascript/src/webhook.test.ts, "sign function works". */
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const at = new Date(1_614_265_330_000);
  const body = '{"test": 2432232314}';

  it('has the signature of the published example', () => {
    expect(signWebhook(secret, id, at, body)).toEqual({
      'webhook-id': id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
    expect(new Webhook(secret).sign(id, at, body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('takes it among others, fresh, and in no other form', () => {
    vi.useFakeTimers({ now: at });
    const headers = signWebhook(secret, id, at, body);
    const signature = headers['webhook-signature'];
    const isTaken = (changed: object, text = body) =>
      isSignedWebhook(secret, { ...headers, ...changed }, text);
    expect(isTaken({})).toBe(true);
    expect(isTaken({ 'webhook-signature': `v1,abc v2,x ${signature}` })).toBe(true);
    expect(isTaken({}, `${body} `)).toBe(false);
    for (const changed of [
      { 'webhook-id': `${id}x` },
      { 'webhook-id': undefined },
      { 'webhook-timestamp': '1614265331' },
      { 'webhook-timestamp': '1614265330.5' },
      { 'webhook-timestamp': '' },
      { 'webhook-signature': signature.replace('v1,', 'v1a,') },
      { 'webhook-signature': signature.replace('v1,', '') },
      { 'webhook-signature': signature.slice(0, -1) },
      { 'webhook-signature': '' },
    ])
      expect(isTaken(changed)).toBe(false);
    for (const minutes of [-6, 6]) {
      vi.setSystemTime(at.getTime() + minutes * 60_000);
      expect(isTaken({})).toBe(false);
    }
  });
});

describe('Stripe', () => {
  const secret = newStripeSecret();
  const source = {
    id: 'stripe',
    kind: 'stripe' as const,
    programs: ['coffee-club'],
    secrets: [newStripeSecret(), secret],
    tolerance: 300_000,
    redemptionId: { metadata: 'redemption_id' },
    program: { metadata: 'program' },
  };
  const { body, headers } = stripe(
    paymentIntent('succeeded', { program: 'coffee-club', redemptionId: 'S1-1' }),
    { secret },
  );
  const signed = headers['stripe-signature'] ?? '';
  const read = (signature: string, text = body) =>
    readStripe(text, { 'stripe-signature': signature }, source);

  /** From https://github.com/stripe/stripe-node/blob/master/test/crypto/helpers.ts. A header with its secret is published nowhere. */
  it.each([
    ['', 'f7f9bd47fb987337b5796fdc1fdb9ba221d0d5396814bfcaf9521f43fd8927fd'],
    [
      '{"obj1":"hello","obj2":"world"}',
      'bebb1a643997f419b315ddba19e6f5411e1ce7f810ba6d3617ce72823092f363',
    ],
    ['\u{1F600}', '837da296d05c4fe31f61d5d7ead035099d9585a5bcde87de952012a78f0b0c43'],
  ])('hashes %j as the vendor does', (text, digest) => {
    expect(hmacSha256('test_secret', text, 'hex')).toBe(digest);
  });

  it("takes what the vendor's library signed, also beside other signatures", () => {
    expect(read(signed)).toMatchObject([{ kind: 'captured' }]);
    expect(read(`${signed},v1=${'0'.repeat(64)},v0=abc`)).toMatchObject([{ kind: 'captured' }]);
  });

  it.each([
    ['no time', signed.replace(/t=\d+,/, '')],
    ['another time', signed.replace(/t=\d/, 't=2')],
    ['two times', `t=1,${signed}`],
    ['a time that is none', signed.replace(/t=(\d+)/, 't=$1x')],
    ['the test scheme', signed.replace('v1=', 'v0=')],
    ['no signature', signed.replace(/v1=.*/, 'v1=')],
    ['half a signature', signed.slice(0, -2)],
    ['nothing', ''],
    ['a thousand signatures', `t=1${',v1=00'.repeat(1_000)}`],
  ])('refuses %s', (_what, signature) => {
    expect(read(signature)).toBe('unsigned');
  });

  it('refuses every other body', () => {
    expect(read(signed, `${body} `)).toBe('unsigned');
  });
});
