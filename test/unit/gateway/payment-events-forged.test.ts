/** Deliveries that are complete but for their signature, or that were changed after it: none is believed. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readStripe } from '../../../src/gateway/payment-events/stripe.ts';
import { hmacSha256 } from '../../../src/http/signatures.ts';
import { secrets } from '../../support/gateway/payment-events-gateway.ts';
import {
  adyen,
  adyenBatch,
  adyenItem,
  newAdyenSecret,
  newStandardSecret,
  newStripeSecret,
  paymentIntent,
  signedItem,
  standard,
  standardEvent,
  stripe,
} from '../../support/gateway/payment-events-senders.ts';
import { useToldRedemptions } from '../../support/gateway/told-redemptions.ts';

const SALE = { program: 'coffee-club', redemptionId: 'R-1' };
const MINUTE = 60_000;

/** Of these refusals, an address has a few in a minute. */
const REFUSALS = 20;
const redemptions = useToldRedemptions(REFUSALS);

afterEach(() => {
  vi.useRealTimers();
  expectNothingTold();
});

function expectNothingTold(): void {
  expect(redemptions.told).toEqual([]);
}

const intent = paymentIntent('succeeded', SALE);
const item = adyenItem('CAPTURE', SALE);
const event = standardEvent('payment.captured', SALE);

it.each([
  ['stripe', 'by another', stripe(intent, { secret: newStripeSecret() })],
  ['stripe', 'by nobody', { ...stripe(intent, { secret: secrets.stripe[0] }), headers: {} }],
  ['adyen', 'by another', adyen([item], { secret: newAdyenSecret() })],
  ['adyen', 'by nobody', adyenBatch([item])],
  [
    'adyen',
    'by another in one of two items',
    adyenBatch([signedItem(item, secrets.adyen[0]), signedItem(item, newAdyenSecret())]),
  ],
  ['standard', 'by another', standard(event, { secret: newStandardSecret() })],
  ['standard', 'by nobody', { ...standard(event, { secret: secrets.standard[0] }), headers: {} }],
])('from %s, signed %s, is refused', async (source, _, delivery) => {
  expect(await redemptions.send(source, delivery)).toMatchObject({ status: 400 });
  expect(redemptions.logged()).toMatchObject([
    { level: 'warn', msg: 'payment event refused', source, why: 'unsigned' },
  ]);
});

it('what is no batch of Adyen is malformed', async () => {
  const delivery = { body: '{}', headers: { 'content-type': 'application/json' } };
  expect(await redemptions.send('adyen', delivery)).toMatchObject({ status: 400 });
  expect(redemptions.logged()).toMatchObject([{ why: 'malformed' }]);
});

describe('the signature covers the exact bytes', () => {
  const { body, headers } = standard(
    standardEvent('payment.captured', SALE, { reason: '\uFFFD' }),
    { secret: secrets.standard[0] },
  );
  const bytes = Buffer.from(body);

  it.each([
    [
      'that are no UTF-8',
      bytes.toString('latin1').replace('\u00EF\u00BF\u00BD', '\u00FF'),
      'malformed',
    ],
    ['after a byte order mark', `\u00EF\u00BB\u00BF${bytes.toString('latin1')}`, 'unsigned'],
  ])('%s', async (_, changed, why) => {
    const sent = { headers, body: new Uint8Array(Buffer.from(changed, 'latin1')) };
    expect(await redemptions.send('standard', sent)).toMatchObject({ status: 400 });
    expect(redemptions.logged()).toMatchObject([{ why }]);
  });
});

describe("Stripe's signature", () => {
  const secret = newStripeSecret();
  const source = {
    id: 'stripe',
    kind: 'stripe' as const,
    programs: ['coffee-club'],
    secrets: [secret],
    tolerance: 5 * MINUTE,
    redemptionId: { metadata: 'redemption_id' },
    program: { metadata: 'program' },
  };
  const AT = new Date('2026-03-01T12:00:00Z');
  const { body, headers } = stripe(intent, { secret, at: AT });
  const read = (signature = headers['stripe-signature'] ?? '') =>
    readStripe(body, { 'stripe-signature': signature }, source);

  it.each([
    [0, true],
    [5 * MINUTE, true],
    [5 * MINUTE + 1, false],
  ])('is taken after %i ms: %s', (ageMs, isTaken) => {
    vi.useFakeTimers({ toFake: ['Date'], now: AT.getTime() + ageMs });
    expect(read() !== 'unsigned').toBe(isTaken);
  });

  it('has one time, written as Stripe writes it', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: AT });
    const seconds = String(AT.getTime() / 1_000);
    for (const time of ['', `${seconds}.5`, `${seconds}x`, `x${seconds}`, `-${seconds}`, '9e12'])
      expect(read(`t=${time},v1=${hmacSha256(secret, `${time}.${body}`, 'hex')}`)).toBe('unsigned');
    expect(read()).not.toBe('unsigned');
    expect(read(`${headers['stripe-signature']},t=1`)).toBe('unsigned');
  });
});

it('too many of them are told to wait, and the log says it once; whoever has no source is told at once', async () => {
  const forged = stripe(intent, { secret: newStripeSecret() });
  const answers = [];
  for (let count = 0; count < REFUSALS + 2; count += 1)
    answers.push(await redemptions.send('stripe-all', forged));
  expect(answers.map(({ status }) => status)).toEqual([
    ...Array.from({ length: REFUSALS }, () => 400),
    429,
    429,
  ]);
  const last = answers.at(-1);
  expect(last?.text).toContain('too-many-refused');
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(last?.headers.get('connection')).toBe('close');
  expect(redemptions.logged().filter(({ level }) => level === 'error')).toMatchObject([
    { source: 'stripe-all', address: '127.0.0.1' },
  ]);
  const nobody = await redemptions.send('nobody', forged);
  expect(nobody).toMatchObject({ status: 404, text: expect.stringContaining('unknown-source') });
  expect(nobody.headers.get('connection')).toBe('close');
});
