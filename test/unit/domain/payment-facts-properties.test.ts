import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PaymentFacts, readPaymentEvent } from '../../../src/domain/payment-facts.ts';
import { paymentEventSchema } from '../../../src/schemas/redemption.ts';

interface Message {
  readonly kind: 'captured' | 'voided';
  readonly eventId: string;
  readonly paymentId: string | undefined;
  /** Of what was captured, or given back. */
  readonly amount?: string | undefined;
}

const paymentId = fc.option(fc.constantFrom<string[]>('a', 'b', 'c'), { nil: undefined });
const message: fc.Arbitrary<Message> = fc.record({
  kind: fc.constantFrom('captured', 'voided'),
  eventId: fc.constantFrom('1', '2', '3', '4', '5', '6'),
  paymentId,
  amount: fc.option(fc.constantFrom('1.00', '5.00', '10.0'), { nil: undefined }),
});
/** An event id means one event: it never comes back with other content. */
const messages = fc.uniqueArray(message, { selector: ({ kind, eventId }) => `${kind} ${eventId}` });
const attempts = fc.constantFrom('one' as const, 'many' as const);

function verdictOf(told: readonly Message[], allowed: 'one' | 'many') {
  const facts = new PaymentFacts();
  for (const { kind, eventId, paymentId, amount } of told)
    facts.record(kind, {
      eventId,
      ...(paymentId !== undefined && { paymentId }),
      ...(amount !== undefined && { amount: { amount, currency: 'GBP' } }),
    });
  return facts.outcome(allowed);
}

describe('the same facts, in any order and however often they are told', () => {
  it('give the same outcome', () => {
    const shuffled = messages.chain((told) =>
      fc.record({
        told: fc.constant(told),
        again: fc.shuffledSubarray([...told, ...told], { minLength: 2 * told.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, attempts, ({ told, again }, allowed) => {
        expect(verdictOf(again, allowed)).toBe(verdictOf(told, allowed));
      }),
    );
  });

  it('are voided for good once the sale is voided', () => {
    fc.assert(
      fc.property(messages, attempts, (told, allowed) => {
        const sale: Message = { kind: 'voided', eventId: 'sale', paymentId: undefined };
        expect(verdictOf([...told, sale], allowed)).toBe('voided');
      }),
    );
  });

  it('are never captured by a payment that was voided', () => {
    fc.assert(
      fc.property(messages, attempts, (told, allowed) => {
        const voided: Message[] = ['a', 'b', 'c', undefined].map((paymentId, index) => ({
          kind: 'voided',
          eventId: `void-${index}`,
          paymentId,
        }));
        expect(verdictOf([...told, ...voided], allowed)).toBe('voided');
      }),
    );
  });

  it('a capture is late only when nobody voided that payment or the sale', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<string[]>('', 'a', 'b')),
        paymentId,
        (voided, captured) => {
          const facts = PaymentFacts.of({ voided });
          facts.record('captured', { eventId: 'e', ...(captured && { paymentId: captured }) });
          const isLate = facts.outcome('one') === 'captured';
          if (voided.includes('') || (captured !== undefined && voided.includes(captured)))
            expect(isLate).toBe(false);
          if (voided.length === 0) expect(isLate).toBe(true);
        },
      ),
    );
  });
});

it('the payload of a signal is read by hand exactly as the schema reads it', () => {
  const amount = fc.oneof(
    fc.record({
      amount: fc.constantFrom('5.00', '-1', '1.23456', 'x'),
      currency: fc.constantFrom('GBP', 'gbp'),
    }),
    fc.anything(),
  );
  const payload = fc.oneof(
    fc.anything(),
    fc.record(
      {
        eventId: fc.oneof(fc.string({ maxLength: 140 }), fc.anything()),
        paymentId: fc.oneof(fc.string({ maxLength: 140 }), fc.anything()),
        occurredAt: fc.oneof(
          fc
            .date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2090-01-01') })
            .map((date) => date.toISOString()),
          fc.constantFrom('2026-03-01T10:00:00', '2026-13-01T10:00:00Z', 'now'),
        ),
        amount,
        reason: fc.oneof(fc.string({ maxLength: 220 }), fc.anything()),
      },
      { requiredKeys: [] },
    ),
  );
  /** JSON, as it comes; null stands for absent there. */
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');
  const withoutNulls = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null))
      : value;
  fc.assert(
    fc.property(payload, (value) => {
      const json = asJson(value);
      const parsed = paymentEventSchema.safeParse(withoutNulls(json));
      expect(readPaymentEvent(json)).toEqual(parsed.success ? parsed.data : undefined);
    }),
    { numRuns: 1_000 },
  );
});
