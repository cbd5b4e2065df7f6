/**
 * Folds payment events into one outcome, so that repetition and order do not matter: captured and voided of the same
 * payment, in any order, is voided. Plain code without Temporal.
 */
import type { Money, PaymentEvent } from '../schemas/redemption.ts';

export type PaymentOutcome = 'captured' | 'voided' | 'open';

/** Stands for the payment of events that name none. */
const UNNAMED = '';

/** What one event reported as captured or given back. The empty `paymentId` stands for the whole sale. */
export interface Paid {
  /** Absent in what was kept before event ids were. */
  readonly eventId?: string;
  readonly paymentId: string;
  /** Absent if the event did not name it. A void without an amount gives back all. */
  readonly amount?: Money | undefined;
}

/** The facts, as one run of a sale hands them on to the next. */
export interface PaymentRecord {
  readonly captured?: readonly Paid[];
  readonly voids?: readonly Paid[];
  /** The ids of the voided payments: all that is known of voids where `voids` is absent. */
  readonly voided?: readonly string[];
}

/** By the `largest` capture alone, a payment is measured only in runs from before its parts added up. */
export type Measure = 'parts' | 'largest';

export class PaymentFacts {
  readonly #seen = new Set<string>();
  readonly #captured: Paid[] = [];
  readonly #voids: Paid[] = [];

  /** Starts with all that was known before. */
  static of({ captured = [], voids, voided = [] }: PaymentRecord): PaymentFacts {
    const facts = new PaymentFacts();
    for (const paid of captured) facts.#keep('captured', paid);
    for (const paid of voids ?? voided.map((paymentId) => ({ paymentId })))
      facts.#keep('voided', paid);
    return facts;
  }

  /** Records an event. Returns false for a repetition of the same kind and event id, which changes nothing. */
  record(
    kind: 'captured' | 'voided',
    { eventId, paymentId = UNNAMED, amount }: PaymentEvent,
  ): boolean {
    if (this.#seen.has(`${kind} ${eventId}`)) return false;
    this.#keep(kind, { eventId, paymentId, ...(amount !== undefined && { amount }) });
    return true;
  }

  #keep(kind: 'captured' | 'voided', paid: Paid): void {
    if (paid.eventId !== undefined) this.#seen.add(`${kind} ${paid.eventId}`);
    (kind === 'captured' ? this.#captured : this.#voids).push(paid);
  }

  get captured(): readonly Paid[] {
    return this.#captured;
  }

  get voids(): readonly Paid[] {
    return this.#voids;
  }

  /** The ids of the voided payments, without those of which only a part was refunded. */
  get voided(): readonly string[] {
    return this.voidedBy('parts');
  }

  get handedOn() {
    const { captured, voids, voided } = this;
    return { captured: [...captured], voids: [...voids], voided } satisfies PaymentRecord;
  }

  voidedBy(measure: Measure): readonly string[] {
    const payments = new Set(this.#voids.map(({ paymentId }) => paymentId));
    return [...payments].filter((payment) =>
      measure === 'parts' ? !this.#isPart(payment) : !this.#isPartOfLargest(payment),
    );
  }

  /** Returns by how much the largest capture that stands exceeds this amount: below zero if it was less, or named no amount. */
  excessOver({ amount, currency }: Money, measure: Measure = 'parts'): number {
    const captured = measure === 'parts' ? this.#standing(this.voided) : this.#captured;
    const amounts = captured.flatMap(({ amount: paid }) =>
      paid?.currency === currency ? [inTenThousandths(paid.amount)] : [],
    );
    return Math.max(...amounts, -1) - inTenThousandths(amount);
  }

  /** With `many` attempts, the cancellation of one is only recorded, because another may follow. */
  outcome(attempts: 'one' | 'many', measure: Measure = 'parts'): PaymentOutcome {
    const voided = this.voidedBy(measure);
    if (voided.includes(UNNAMED)) return 'voided';
    if (this.#captured.length === 0)
      return voided.length > 0 && attempts === 'one' ? 'voided' : 'open';
    return this.#standing(voided).length > 0 ? 'captured' : 'voided';
  }

  /** A capture that names no payment may be the one that was voided, and a void wins. */
  #standing(voided: readonly string[]): readonly Paid[] {
    if (voided.includes(UNNAMED)) return [];
    return this.#captured.filter(({ paymentId }) =>
      paymentId === UNNAMED ? voided.length === 0 : !voided.includes(paymentId),
    );
  }

  /**
   * Returns whether the voids of a payment give back less than was captured: a refund of a part is no void. A void without
   * an amount gives back all. So does any void if no capture named its amount. A refund whose capture is not known yet waits
   * for it.
   */
  #isPart(payment: string): boolean {
    const back = backIn(this.#voidsOf(payment));
    if (back === Infinity) return false;
    const captured = this.#capturesOf(payment);
    if (captured.length === 0) return true;
    if (payment !== UNNAMED) return back < capturedIn(captured);
    return back + this.#namedBack() < this.#capturedInAll();
  }

  /** How runs decided before the parts of a payment added up. */
  #isPartOfLargest(payment: string): boolean {
    const captured = this.#captured.filter(
      ({ paymentId }) => payment === UNNAMED || paymentId === payment,
    );
    return backIn(this.#voidsOf(payment)) < Math.max(...captured.map(amountOf), 0);
  }

  #voidsOf(payment: string): readonly Paid[] {
    return this.#voids.filter(({ paymentId }) => paymentId === payment);
  }

  /** The captures that a void of this payment can be about: if none names it, those that name none. */
  #capturesOf(payment: string): readonly Paid[] {
    if (payment === UNNAMED) return this.#captured;
    const own = this.#captured.filter(({ paymentId }) => paymentId === payment);
    return own.length > 0 ? own : this.#captured.filter(({ paymentId }) => paymentId === UNNAMED);
  }

  /** How much of what was captured has gone back by voids that name their payment. */
  #namedBack(): number {
    const payments = new Set(this.#voids.map(({ paymentId }) => paymentId));
    payments.delete(UNNAMED);
    return sum(
      [...payments].map((payment) =>
        Math.min(backIn(this.#voidsOf(payment)), capturedIn(this.#capturesOf(payment))),
      ),
    );
  }

  /** Captures that name no payment may be those that name one, told once more. */
  #capturedInAll(): number {
    const of = (payment: string) =>
      capturedIn(this.#captured.filter(({ paymentId }) => paymentId === payment));
    const payments = new Set(this.#captured.map(({ paymentId }) => paymentId));
    payments.delete(UNNAMED);
    return Math.max(of(UNNAMED), sum([...payments].map(of)));
  }
}

/**
 * Adds up the captures of one payment. What may be one capture told twice counts once: equal amounts, and an amount that is
 * the sum of the others. Too little gives the points back too soon, and too much would keep them from a customer whose money
 * is all back.
 */
function capturedIn(captured: readonly Paid[]): number {
  const amounts = [...new Set(captured.map(amountOf))];
  const largest = Math.max(...amounts, 0);
  const all = sum(amounts);
  return all === 2 * largest ? largest : all;
}

/** An amount that a capture did not name counts as nothing. */
function amountOf({ amount }: Paid): number {
  return amount === undefined ? 0 : inTenThousandths(amount.amount);
}

function backIn(voids: readonly Paid[]): number {
  return sum(voids.map((paid) => (paid.amount === undefined ? Infinity : amountOf(paid))));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** The result is exact, because an amount has at most four decimals. */
function inTenThousandths(amount: string): number {
  const [whole = '', decimals = ''] = amount.split('.');
  return Number(whole + decimals.padEnd(4, '0'));
}

/**
 * Reads the payload of a signal, which any SDK may have sent. Returns `undefined` for a wrong shape. It is written by hand,
 * because the schema library would cost every workflow memory. A test compares it with the schema.
 */
export function readPaymentEvent(payload: unknown): PaymentEvent | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  // Some languages write null for what is absent.
  const { eventId, paymentId, occurredAt, amount, reason } = Object.fromEntries(
    Object.entries(payload).filter(([, value]) => value !== null),
  ) as Record<string, unknown>;
  if (!isText(eventId, 128) || !isOptionalText(paymentId, 128) || !isOptionalText(reason, 200, 0))
    return undefined;
  if (occurredAt !== undefined && !isTime(occurredAt)) return undefined;
  if (amount !== undefined && !isMoney(amount)) return undefined;
  return {
    eventId,
    ...(paymentId !== undefined && { paymentId }),
    ...(occurredAt !== undefined && { occurredAt }),
    ...(amount !== undefined && { amount }),
    ...(reason !== undefined && { reason }),
  };
}

function isText(value: unknown, longest: number, shortest = 1): value is string {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

function isOptionalText(
  value: unknown,
  longest: number,
  shortest = 1,
): value is string | undefined {
  return value === undefined || isText(value, longest, shortest);
}

function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function isMoney(value: unknown): value is NonNullable<PaymentEvent['amount']> {
  const { amount, currency } = Object(value) as Record<string, unknown>;
  return (
    typeof amount === 'string' &&
    /^\d{1,13}(\.\d{1,4})?$/.test(amount) &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency)
  );
}
