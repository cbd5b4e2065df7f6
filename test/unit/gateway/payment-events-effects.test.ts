/** What a sender is answered by what became of its event, and what the log says. */
import { expect, it } from 'vitest';
import { RedemptionError } from '../../../src/domain/errors.ts';
import { statuses } from '../../../src/domain/statuses.ts';
import { secrets } from '../../support/gateway/payment-events-gateway.ts';
import {
  adyen,
  adyenItem,
  paymentIntent,
  stripe,
} from '../../support/gateway/payment-events-senders.ts';
import { useToldRedemptions } from '../../support/gateway/told-redemptions.ts';

const SALE = { program: 'coffee-club', redemptionId: 'R-1' };
const OTHER = { ...SALE, redemptionId: 'R-2' };

const redemptions = useToldRedemptions();
const { told } = redemptions;

const UNPAID = ['checking-balance', 'deducting', 'resolving-deduction', 'awaiting-payment'];

const captured = () =>
  redemptions.send(
    'stripe',
    stripe(paymentIntent('succeeded', SALE), { secret: secrets.stripe[0] }),
  );
const batch = (eventCode: string) =>
  redemptions.send(
    'adyen',
    adyen(
      [SALE, OTHER].map((sale) => adyenItem(eventCode, sale)),
      { secret: secrets.adyen[0] },
    ),
  );
const failing = (code: 'unknown-redemption' | 'unavailable' | 'ended-by-force' | 'conflict') =>
  Promise.reject(new RedemptionError(code, 'no'));

it('is done when the event was applied, and the log has its ids', async () => {
  expect(await captured()).toMatchObject({
    status: 200,
    type: expect.stringContaining('text/plain') as string,
    text: 'applied',
  });
  expect(redemptions.logged()).toEqual([
    {
      level: 'info',
      msg: 'payment event applied',
      source: 'stripe',
      kind: 'captured',
      eventId: expect.stringMatching(/^evt_/) as string,
      ...SALE,
      paymentId: 'pi_1',
    },
  ]);
});

it.each([
  ['unknown-redemption', 409, 'not-known-yet', 'unknown-redemption'],
  ['unavailable', 503, 'event-not-passed-on', 'unavailable'],
  ['ended-by-force', 200, 'not-applied', 'not-applied'],
] as const)('of an event that is %s is answered %i', async (code, status, kind, effect) => {
  redemptions.answer = () => failing(code);
  expect(await captured()).toMatchObject({ status, text: expect.stringContaining(kind) });
  expect(redemptions.logged()).toMatchObject([
    { level: 'warn', msg: 'payment event not applied', effect, ...SALE },
  ]);
});

it('is not told of a fault of ours, and comes again', async () => {
  redemptions.answer = () => failing('conflict');
  expect((await captured()).status).toBe(500);
});

it('sends a batch again for one item, and the others are taken at once', async () => {
  redemptions.answer = (id) => (id === 'R-1' ? failing('unknown-redemption') : Promise.resolve());
  expect(await batch('CAPTURE')).toMatchObject({ status: 409 });
  expect(told).toMatchObject([['captured', OTHER, {}]]);
});

it('hears first of what cannot be reached', async () => {
  redemptions.answer = (id) => failing(id === 'R-1' ? 'unknown-redemption' : 'unavailable');
  expect(await batch('CAPTURE')).toMatchObject({ status: 503 });
});

it.each(statuses.map((status) => [status, UNPAID.includes(status) ? 409 : 200] as const))(
  'of a refund to a sale that is %s is answered %i',
  async (of, expected) => {
    redemptions.status = of;
    expect((await batch('REFUND')).status).toBe(expected);
    expect(told).toHaveLength(expected === 200 ? 2 : 0);
    // A cancellation is true whatever was captured.
    expect((await batch('CANCELLATION')).status).toBe(200);
  },
);

it.each([
  ['a refund', 409, 'unknown-redemption'],
  ['a refund', 503, 'unavailable'],
] as const)('of %s is answered %i when the status is %s', async (_, expected, code) => {
  redemptions.answer = () => failing(code);
  expect((await batch('REFUND')).status).toBe(expected);
});

it('comes again half a minute later when nothing could be reached', async () => {
  redemptions.answer = () => failing('unavailable');
  expect((await captured()).headers.get('retry-after')).toBe('30');
  redemptions.answer = () => failing('unknown-redemption');
  expect((await captured()).headers.has('retry-after')).toBe(false);
});

it('finds the payment of what was only recorded in the log', async () => {
  const item = adyenItem('CAPTURE_FAILED', SALE);
  await redemptions.send('adyen', adyen([item], { secret: secrets.adyen[0] }));
  expect(redemptions.logged()).toMatchObject([
    { level: 'warn', why: 'failed capture', ...SALE, paymentId: 'PAYMENT000000001' },
  ]);
});
