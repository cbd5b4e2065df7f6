/**
 * What payment events add up to. Facts are folded into sets, so that repetition and order do not matter: captured and
 * voided of the same payment, in any order, is voided. Plain code without Temporal.
 */
import type { Money, PaymentEvent } from '../redemption.ts';

export type PaymentVerdict = 'captured' | 'voided' | 'open';

/** Stands for the payment of events that name none. */
const UNNAMED = '';

export class PaymentFacts {
  readonly #seen = new Set<string>();
  readonly #captured = new Set<string>();
  readonly #voided = new Set<string>();
  readonly #amounts: Money[] = [];

  /** Whether the event was new: a repetition of its kind and event id changes nothing. */
  record(kind: 'captured' | 'voided', event: PaymentEvent): boolean {
    const key = `${kind} ${event.eventId}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    (kind === 'captured' ? this.#captured : this.#voided).add(event.paymentId ?? UNNAMED);
    if (kind === 'captured' && event.amount !== undefined) this.#amounts.push(event.amount);
    return true;
  }

  /** What was voided; the sale as a whole is the empty string. */
  get voided(): readonly string[] {
    return [...this.#voided];
  }

  /** Whether one capture alone brought this much, or more. */
  hasCaptured({ amount, currency }: Money): boolean {
    return this.#amounts.some(
      (captured) =>
        captured.currency === currency &&
        inTenThousandths(captured.amount) >= inTenThousandths(amount),
    );
  }

  /** `attempts`: with `many`, the cancellation of one attempt is only recorded, for another may follow. */
  verdict(attempts: 'one' | 'many'): PaymentVerdict {
    if (this.#voided.has(UNNAMED)) return 'voided';
    if (this.#captured.size === 0)
      return this.#voided.size > 0 && attempts === 'one' ? 'voided' : 'open';
    // A capture that names no payment cannot be told from the one that was voided, and a void wins.
    const standing = [...this.#captured].some((payment) =>
      payment === UNNAMED ? this.#voided.size === 0 : !this.#voided.has(payment),
    );
    return standing ? 'captured' : 'voided';
  }
}

/** Whether a capture that comes after the points went back finds the sale unpaid for otherwise: nobody voided it. */
export function isLateCapture(
  voided: readonly string[],
  { paymentId = UNNAMED }: PaymentEvent,
): boolean {
  if (voided.includes(UNNAMED)) return false;
  return paymentId === UNNAMED ? voided.length === 0 : !voided.includes(paymentId);
}

/** Exact, for an amount has at most four decimals. */
function inTenThousandths(amount: string): number {
  const [whole = '', decimals = ''] = amount.split('.');
  return Number(whole + decimals.padEnd(4, '0'));
}

/**
 * Reads the payload of a signal, which any SDK may have sent: `undefined` for a wrong shape. Written by hand because the
 * schema library does not belong into a workflow's memory; a test holds the two together.
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
  if (typeof value !== 'object' || value === null) return false;
  const { amount, currency } = value as Record<string, unknown>;
  return (
    typeof amount === 'string' &&
    /^\d{1,13}(\.\d{1,4})?$/.test(amount) &&
    typeof currency === 'string' &&
    /^[A-Z]{3}$/.test(currency)
  );
}
