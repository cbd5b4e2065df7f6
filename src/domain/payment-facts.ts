/**
 * Folds payment events into one outcome, so that repetition and order do not matter: captured and voided of the same
 * payment, in any order, is voided. Plain code without Temporal.
 */
import type { Money, PaymentEvent } from '../schemas/redemption.ts';

export type PaymentOutcome = 'captured' | 'voided' | 'open';

/** Stands for the payment of events that name none. */
const UNNAMED = '';

/** An amount that one event reported as captured or given back. The empty `paymentId` stands for the whole sale. */
export interface Paid {
  readonly paymentId: string;
  /** Absent if the event did not name it. A void without an amount gives back all. */
  readonly amount?: Money | undefined;
}

export class PaymentFacts {
  readonly #seen = new Set<string>();
  readonly #captured: Paid[] = [];
  readonly #voided: Paid[] = [];

  /** Starts with what was captured before, so that a refund of a part of it does not count as a void. */
  static after(captured: readonly Paid[]): PaymentFacts {
    const facts = new PaymentFacts();
    for (const [index, { paymentId, amount }] of captured.entries())
      facts.record('captured', { eventId: String(index), paymentId, amount });
    return facts;
  }

  /** Records an event. Returns false for a repetition of the same kind and event id, which changes nothing. */
  record(kind: 'captured' | 'voided', event: PaymentEvent): boolean {
    const key = `${kind} ${event.eventId}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    const { paymentId = UNNAMED, amount } = event;
    (kind === 'captured' ? this.#captured : this.#voided).push({
      paymentId,
      ...(amount !== undefined && { amount }),
    });
    return true;
  }

  get captured(): readonly Paid[] {
    return this.#captured;
  }

  /** The ids of the voided payments, without those of which only a part was refunded. */
  get voided(): readonly string[] {
    const payments = new Set(this.#voided.map(({ paymentId }) => paymentId));
    return [...payments].filter((payment) => {
      const voids = this.#voided.filter(({ paymentId }) => paymentId === payment);
      return !isPartOf(this.#captured, payment, voids);
    });
  }

  /** Returns by how much the largest single capture exceeds this amount: below zero if it was less, or named no amount. */
  excessOver({ amount, currency }: Money): number {
    const captured = this.#captured.flatMap(({ amount: paid }) =>
      paid?.currency === currency ? [inTenThousandths(paid.amount)] : [],
    );
    return Math.max(...captured, -1) - inTenThousandths(amount);
  }

  /** With `many` attempts, the cancellation of one is only recorded, because another may follow. */
  outcome(attempts: 'one' | 'many'): PaymentOutcome {
    const { voided } = this;
    if (voided.includes(UNNAMED)) return 'voided';
    if (this.#captured.length === 0)
      return voided.length > 0 && attempts === 'one' ? 'voided' : 'open';
    // A capture that names no payment may be the one that was voided, and a void wins.
    const standing = this.#captured.some(({ paymentId }) =>
      paymentId === UNNAMED ? voided.length === 0 : !voided.includes(paymentId),
    );
    return standing ? 'captured' : 'voided';
  }
}

/**
 * Returns whether `voids`, all of this payment, give back less than was captured. A refund of a part is no void. A void
 * without an amount gives back all. So does any void if no capture named its amount.
 */
function isPartOf(captured: readonly Paid[], paymentId: string, voids: readonly Paid[]): boolean {
  const most = Math.max(
    ...captured
      .filter((paid) => paymentId === UNNAMED || paid.paymentId === paymentId)
      .map(({ amount }) => (amount === undefined ? 0 : inTenThousandths(amount.amount))),
    0,
  );
  const back = voids.reduce(
    (sum, { amount }) => sum + (amount === undefined ? Infinity : inTenThousandths(amount.amount)),
    0,
  );
  return back < most;
}

/** Returns whether a capture that arrives after the points went back is late: neither the sale nor this payment was voided. */
export function isLateCapture(
  voided: readonly string[],
  { paymentId = UNNAMED }: PaymentEvent,
): boolean {
  if (voided.includes(UNNAMED)) return false;
  return paymentId === UNNAMED ? voided.length === 0 : !voided.includes(paymentId);
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
