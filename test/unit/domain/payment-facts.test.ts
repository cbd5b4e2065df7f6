import { describe, expect, it } from 'vitest';
import { PaymentFacts, readPaymentEvent } from '../../../src/domain/payment-facts.ts';
import { paymentEventSchema } from '../../../src/schemas/redemption.ts';

type Told = readonly [kind: 'captured' | 'voided', paymentId?: string];

function outcomeOf(told: readonly Told[], attempts: 'one' | 'many' = 'one') {
  const facts = new PaymentFacts();
  for (const [index, [kind, paymentId]] of told.entries())
    facts.record(kind, {
      eventId: `event-${index}`,
      ...(paymentId !== undefined && { paymentId }),
    });
  return facts.outcome(attempts);
}

const bothWays = (told: readonly Told[]) => [told, [...told].reverse()];

describe('payment events add up', () => {
  it('to open when there are none, and to captured or voided by one', () => {
    expect(outcomeOf([])).toBe('open');
    expect(outcomeOf([['captured', 'a']])).toBe('captured');
    expect(outcomeOf([['voided', 'a']])).toBe('voided');
  });

  it('to voided when the same payment was captured and voided, in either order', () => {
    for (const told of bothWays([
      ['captured', 'a'],
      ['voided', 'a'],
    ]))
      expect(outcomeOf(told)).toBe('voided');
    for (const told of bothWays([['captured'], ['voided']])) expect(outcomeOf(told)).toBe('voided');
    for (const told of bothWays([['captured'], ['voided', 'a']]))
      expect(outcomeOf(told)).toBe('voided');
  });

  it('to captured when another attempt than the captured one was voided', () => {
    for (const told of bothWays([
      ['captured', 'b'],
      ['voided', 'a'],
    ]))
      expect(outcomeOf(told)).toBe('captured');
  });

  it('to voided when the sale was voided, whatever was captured', () => {
    for (const told of bothWays([['captured', 'a'], ['voided']]))
      expect(outcomeOf(told)).toBe('voided');
  });

  it('to open when one of several attempts was cancelled', () => {
    expect(outcomeOf([['voided', 'a']], 'many')).toBe('open');
    expect(
      outcomeOf(
        [
          ['voided', 'a'],
          ['captured', 'b'],
        ],
        'many',
      ),
    ).toBe('captured');
    expect(outcomeOf([['voided']], 'many')).toBe('voided');
  });

  describe('with amounts', () => {
    const gbp = (amount: string) => ({ amount, currency: 'GBP' });
    const captured = { eventId: 'c', paymentId: 'a', amount: gbp('15.00') };
    const refunds = (...amounts: string[]) =>
      amounts.map((amount, index) => ({
        eventId: `r${index}`,
        paymentId: 'a',
        amount: gbp(amount),
      }));

    it.each([
      ['a part', ['14.99'], 'captured'],
      ['all of it', ['15.00'], 'voided'],
      ['all of it in parts', ['5.00', '10'], 'voided'],
      ['two parts that are not all', ['5.00', '9.99'], 'captured'],
    ] as const)(
      'to what %s of the payment that was refunded makes of it',
      (_, amounts, expected) => {
        const facts = new PaymentFacts();
        for (const refund of refunds(...amounts)) facts.record('voided', refund);
        facts.record('captured', captured);
        for (const refund of refunds(...amounts)) facts.record('voided', refund);
        expect(facts.outcome('one')).toBe(expected);
      },
    );

    it('to voided when nobody said how much was captured', () => {
      const facts = new PaymentFacts();
      facts.record('captured', { eventId: 'c', paymentId: 'a' });
      for (const refund of refunds('1.00')) facts.record('voided', refund);
      expect(facts.outcome('one')).toBe('voided');
    });

    it('to captured when the part that was refunded names no payment', () => {
      const facts = new PaymentFacts();
      facts.record('captured', captured);
      facts.record('voided', { eventId: 'r', amount: gbp('1.00') });
      expect(facts.outcome('one')).toBe('captured');
    });
  });

  it('the same when an event is repeated', () => {
    const facts = new PaymentFacts();
    expect(facts.record('captured', { eventId: 'e' })).toBe(true);
    expect(facts.record('captured', { eventId: 'e' })).toBe(false);
    expect(facts.record('voided', { eventId: 'e' })).toBe(true);
  });
});

describe('the payload of a signal', () => {
  const right = [
    { eventId: 'e' },
    { eventId: 'e', paymentId: 'p', occurredAt: '2026-03-01T10:00:00Z', reason: '' },
    { eventId: 'e', occurredAt: '2026-03-01T10:00:00.000+05:30' },
    { eventId: 'e', amount: { amount: '15.00', currency: 'GBP' } },
    { eventId: 'e', more: 1 },
  ];
  const wrong = [
    undefined,
    null,
    'e',
    7,
    [],
    {},
    { eventId: '' },
    { eventId: 7 },
    { eventId: 'x'.repeat(129) },
    { eventId: 'e', paymentId: 7 },
    { eventId: 'e', paymentId: '' },
    { eventId: 'e', occurredAt: 'yesterday' },
    { eventId: 'e', occurredAt: '2026-03-01T10:00:00' },
    { eventId: 'e', amount: 15 },
    { eventId: 'e', amount: { amount: '-1', currency: 'GBP' } },
    { eventId: 'e', amount: { amount: '15.00', currency: 'pounds' } },
    { eventId: 'e', reason: 'x'.repeat(201) },
  ];

  it('is read by hand as the schema reads it', () => {
    for (const payload of [...right, ...wrong]) {
      const { data, success } = paymentEventSchema.safeParse(payload);
      expect(readPaymentEvent(payload), JSON.stringify(payload)).toEqual(
        success ? data : undefined,
      );
    }
    expect(right.map(readPaymentEvent)).not.toContain(undefined);
    expect(wrong.map(readPaymentEvent).filter((event) => event !== undefined)).toEqual([]);
  });

  it('may carry null for what is absent, as some languages write it', () => {
    expect(readPaymentEvent({ eventId: 'e', paymentId: null, amount: null })).toEqual({
      eventId: 'e',
    });
  });
});
