/** The edges of what the payment facts tell, each by itself: the properties come upon them by chance alone. */
import { describe, expect, it } from 'vitest';
import { PaymentFacts, readPaymentEvent, type Paid } from '../../../src/domain/payment-facts.ts';

const GBP = (amount: string) => ({ amount, currency: 'GBP' });

/** Facts of `[kind, paymentId, amount]`. */
function factsOf(
  ...events: readonly (readonly ['captured' | 'voided', (string | undefined)?, string?])[]
): PaymentFacts {
  const facts = new PaymentFacts();
  for (const [index, [kind, paymentId, amount]] of events.entries())
    facts.record(kind, {
      eventId: `e${index}`,
      ...(paymentId !== undefined && { paymentId }),
      ...(amount !== undefined && { amount: GBP(amount) }),
    });
  return facts;
}

/** Whether the void of this payment gives back a part of what was captured, and so voids nothing. */
function isPart(captured: readonly Paid[], { paymentId, amount }: Paid): boolean {
  const facts = PaymentFacts.of({ captured });
  facts.record('voided', {
    eventId: 'v',
    ...(paymentId !== '' && { paymentId }),
    ...(amount !== undefined && { amount }),
  });
  return facts.voided.length === 0;
}

it('a capture is kept with its payment and its amount, if it named one', () => {
  expect(factsOf(['captured', 'a', '5.00'], ['captured']).captured).toStrictEqual([
    { eventId: 'e0', paymentId: 'a', amount: GBP('5.00') },
    { eventId: 'e1', paymentId: '' },
  ]);
});

it.each([
  ['less than the basket', [['captured', 'a', '14.9999']], -1],
  [
    'the basket, by the largest capture',
    [
      ['captured', 'a', '1'],
      ['captured', 'b', '15.00'],
    ],
    0,
  ],
  ['more than the basket', [['captured', 'a', '15.01']], 100],
  ['no amount', [['captured', 'a']], -150_001],
  ['nothing', [], -150_001],
] as const)('a capture of %s exceeds the basket by', (_, events, excess) => {
  expect(factsOf(...events).excessOver(GBP('15.00'))).toBe(excess);
});

it('what was voided shows nothing of the basket', () => {
  const facts = factsOf(['captured', 'a', '15.00'], ['captured', 'b', '14.00'], ['voided', 'a']);
  expect(facts.excessOver(GBP('15.00'))).toBe(-10_000);
});

it('facts are handed on whole', () => {
  const facts = factsOf(['captured', 'a', '15.00'], ['voided', 'b'], ['voided', 'a', '5.00']);
  const next = PaymentFacts.of(facts.handedOn);
  expect(next.handedOn).toStrictEqual(facts.handedOn);
  expect(next.record('captured', { eventId: 'e0' })).toBe(false);
  expect(next.record('voided', { eventId: 'e0' })).toBe(true);
});

it('an amount in another currency is no part of the basket', () => {
  const facts = factsOf(['captured', 'a', '15.00']);
  expect(facts.excessOver({ amount: '15.00', currency: 'EUR' })).toBeLessThan(0);
});

describe('refunds', () => {
  it('of parts of two payments are counted by payment', () => {
    const parts = factsOf(
      ['captured', 'a', '10.00'],
      ['captured', 'b', '10.00'],
      ['voided', 'a', '6.00'],
      ['voided', 'b', '6.00'],
    );
    expect(parts.voided).toEqual([]);
    expect(parts.outcome('one')).toBe('captured');
  });

  it('of a whole payment leave the other one standing', () => {
    const facts = factsOf(
      ['captured', 'a', '5.00'],
      ['captured', 'b', '20.00'],
      ['voided', 'a', '5.00'],
    );
    expect(facts.voided).toEqual(['a']);
    expect(facts.outcome('one')).toBe('captured');
  });

  it('add up to the whole', () => {
    const half = ['voided', 'a', '5.00'] as const;
    expect(factsOf(['captured', 'a', '10.00'], half, half).voided).toEqual(['a']);
  });

  it('of one of two parts leave the other one standing', () => {
    const facts = factsOf(
      ['captured', 'a', '100.00'],
      ['captured', 'a', '98.00'],
      ['voided', 'a', '100.00'],
    );
    expect(facts.outcome('one')).toBe('captured');
    facts.record('voided', { eventId: 'rest', paymentId: 'a', amount: GBP('98') });
    expect(facts.outcome('one')).toBe('voided');
  });

  it.each([
    ['told twice', ['198.00', '198.00']],
    ['told in parts and as their sum', ['100.00', '98.00', '198.00']],
  ])('of all of a capture that was %s are a void', (_, amounts) => {
    const captured = amounts.map((amount) => ['captured', 'a', amount] as const);
    expect(factsOf(...captured, ['voided', 'a', '198.00']).outcome('one')).toBe('voided');
    expect(factsOf(...captured, ['voided', 'a', '197.99']).outcome('one')).toBe('captured');
  });

  it('wait for their capture, whatever they are of', () => {
    expect(factsOf(['voided', 'a', '5.00']).outcome('one')).toBe('open');
    expect(factsOf(['voided', 'a', '5.00'], ['captured', 'a', '9.00']).outcome('one')).toBe(
      'captured',
    );
    expect(factsOf(['voided', 'a', '5.00'], ['captured', 'a', '5.00']).outcome('one')).toBe(
      'voided',
    );
  });

  it('are of the captures that name no payment, if none names theirs', () => {
    const part = factsOf(['captured', undefined, '10.00'], ['voided', 'a', '4.00']);
    expect(part.outcome('one')).toBe('captured');
    part.record('voided', { eventId: 'rest', amount: GBP('6.00') });
    expect(part.outcome('one')).toBe('voided');
  });

  it('that name no payment are of all that was captured, less what went back by name', () => {
    const two = [
      ['captured', 'a', '100.00'],
      ['captured', 'b', '98.00'],
    ] as const;
    expect(factsOf(...two, ['voided', undefined, '100.00']).outcome('one')).toBe('captured');
    expect(factsOf(...two, ['voided', undefined, '198.00']).outcome('one')).toBe('voided');
    const rest = factsOf(...two, ['voided', 'a'], ['voided', undefined, '98.00']);
    expect(rest.outcome('one')).toBe('voided');
    // What names no payment may be told once more by name.
    const again = factsOf(...two, ['captured', undefined, '198'], ['voided', undefined, '198']);
    expect(again.outcome('one')).toBe('voided');
  });

  it('that name no payment are measured by the only capture', () => {
    const captured = [{ paymentId: 'a', amount: GBP('5') }];
    expect(isPart(captured, { paymentId: '', amount: GBP('4.9999') })).toBe(true);
    expect(isPart(captured, { paymentId: '', amount: GBP('5') })).toBe(false);
    // Its own capture is not known yet.
    expect(isPart(captured, { paymentId: 'b', amount: GBP('1') })).toBe(true);
    expect(isPart(captured, { paymentId: '' })).toBe(false);
  });
});

it('an unnamed capture stands only while nothing was voided', () => {
  expect(factsOf(['captured']).outcome('one')).toBe('captured');
  expect(factsOf(['captured'], ['voided', 'b']).outcome('one')).toBe('voided');
});

it.each([
  ['of any payment, while none was voided', [], 'a', true],
  ['without a payment, while none was voided', [], undefined, true],
  ['without a payment, after one was voided', ['a'], undefined, false],
  ['of another payment than the voided one', ['a'], 'b', true],
  ['of the voided payment', ['a'], 'a', false],
  ['of any payment, after the sale was voided', ['', 'b'], 'a', false],
] as const)('a capture %s: late is', (_, voided, paymentId, isLate) => {
  const facts = PaymentFacts.of({ voided });
  facts.record('captured', { eventId: 'e', ...(paymentId !== undefined && { paymentId }) });
  expect(facts.outcome('one') === 'captured').toBe(isLate);
});

describe('the payload of a signal', () => {
  const read = (fields: object) => readPaymentEvent({ eventId: 'e', ...fields });

  it('is read without what it does not hold', () => {
    expect(readPaymentEvent({ eventId: 'e', more: 1 })).toStrictEqual({ eventId: 'e' });
    const whole = {
      eventId: 'e',
      paymentId: 'p',
      occurredAt: '2026-11-24T10:00Z',
      amount: GBP('1'),
      reason: '',
    };
    expect(readPaymentEvent(whole)).toStrictEqual(whole);
  });

  it.each([
    { eventId: 'e'.repeat(128) },
    { paymentId: 'p'.repeat(128) },
    { reason: 'r'.repeat(200) },
    { occurredAt: '2026-11-24T10:00:00.1234+01:00' },
    { occurredAt: '2026-11-24T10:00:00-0130' },
    { amount: GBP('1234567890123.1234') },
  ])('may be as long as %j', (fields) => {
    expect(read(fields)).toStrictEqual({ eventId: 'e', ...fields });
  });

  it.each([
    { eventId: '' },
    { eventId: 'e'.repeat(129) },
    { paymentId: '' },
    { paymentId: 'p'.repeat(129) },
    { reason: 'r'.repeat(201) },
    { occurredAt: 20_261_124 },
    { occurredAt: ['2026-11-24T10:00Z'] },
    { occurredAt: '+002026-11-24T10:00Z' },
    { occurredAt: ' 2026-11-24T10:00Z' },
    { occurredAt: '2026-11-24T10:00Z ' },
    { occurredAt: '2026-13-24T10:00Z' },
    { occurredAt: '2026-11-24T10:00:00' },
    { amount: '5' },
    { amount: [] },
    { amount: { amount: 5, currency: 'GBP' } },
    { amount: { amount: '5', currency: ['GBP'] } },
    { amount: { amount: ['5'], currency: 'GBP' } },
    { amount: { amount: '5', currency: 'xGBP' } },
    { amount: { amount: '5', currency: 'GBPx' } },
    { amount: GBP('x5') },
    { amount: GBP('5x') },
    { amount: GBP('1.12345') },
    { amount: GBP('12345678901234') },
  ])('has a wrong shape with %j', (fields) => {
    expect(read(fields)).toBeUndefined();
  });

  it.each([undefined, null, 'e', 7])('is none: %j', (payload) => {
    expect(readPaymentEvent(payload)).toBeUndefined();
  });
});
