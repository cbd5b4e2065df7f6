/**
 * The statuses of a redemption, the legal moves between them and the state that moves. Plain code without Temporal: the
 * saga tells it the time.
 */
import type { Money } from '../schemas/redemption.ts';
import type { ActKind } from '../workflows/operator.ts';

export type Status =
  | 'checking-balance'
  | 'deducting'
  | 'resolving-deduction'
  | 'awaiting-payment'
  | 'fulfilling'
  | 'completed'
  | 'declined'
  | 'compensating'
  | 'compensated'
  | 'needs-attention';

/** Nothing was taken. */
export type DeclineReason =
  | 'insufficient-points'
  | 'member-unknown'
  | 'member-inactive'
  | 'limit'
  | 'voided'
  | 'cancelled'
  | 'too-late'
  | 'provider-failed'
  | 'rejected';

/** Everything taken was, or is being, given back. */
export type CompensationReason =
  | 'payment-voided'
  | 'payment-timed-out'
  | 'fulfilment-failed'
  | 'overspent'
  | 'cancelled'
  | 'too-late'
  | 'late-deduction'
  | 'operator';

/** Open, waiting for an operator. */
export type AttentionReason =
  | 'deduction-unknown'
  | 'deduction-not-applied'
  | 'payment-unknown'
  | 'cancellation-refused'
  | 'restoration-refused'
  | 'restoration-doubled'
  | 'restoration-not-applied'
  | 'discount-not-applied'
  | 'late-capture';

export type Reason = DeclineReason | CompensationReason | AttentionReason;

/** Every legal move; a move that is not here is a bug. */
export const moves: Readonly<Record<Status, readonly Status[]>> = {
  'checking-balance': ['deducting', 'declined'],
  deducting: [
    'resolving-deduction',
    'awaiting-payment',
    'declined',
    'compensating',
    'fulfilling',
    'needs-attention',
  ],
  'resolving-deduction': [
    'awaiting-payment',
    'declined',
    'compensating',
    'fulfilling',
    'needs-attention',
  ],
  'awaiting-payment': ['fulfilling', 'compensating', 'needs-attention'],
  fulfilling: ['completed', 'compensating'],
  completed: [],
  declined: [],
  compensating: ['compensated', 'needs-attention'],
  compensated: [],
  // What an operator, or a message that came at last, makes of it.
  'needs-attention': [
    'resolving-deduction',
    'deducting',
    'awaiting-payment',
    'fulfilling',
    'completed',
    'declined',
    'compensating',
    'compensated',
  ],
};

/** What may still become of an ended sale, in a workflow of its own: its reversal, its watch, its case. */
const reopenings: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  completed: ['compensating'],
  declined: ['compensating', 'needs-attention'],
  compensated: ['needs-attention'],
};

/** Whether the till may give the discount now. */
export function isGranted(status: Status): boolean {
  return status === 'awaiting-payment' || status === 'fulfilling' || status === 'completed';
}

/** The till's answer is known: granted, or not granted for good. */
export function isDecided(status: Status): boolean {
  return (
    status !== 'checking-balance' && status !== 'deducting' && status !== 'resolving-deduction'
  );
}

/** What anybody may know of a redemption; no member in it. */
export interface RedemptionView {
  readonly program: string;
  readonly redemptionId: string;
  readonly store: string;
  readonly status: Status;
  readonly reason?: Reason;
  readonly granted: boolean;
  readonly points: number;
  readonly discount: Money;
  readonly providerReference?: string;
  /** What was wrong with the request (`field` names it), or what a person has to do next. */
  readonly message?: string;
  readonly field?: string;
  /** While it needs attention: what an operator may do. */
  readonly acts?: readonly ActKind[];
  readonly timeline: readonly TimelineEntry[];
}

/** `at` is ISO 8601. */
export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
}

/** Why a redemption stands where it stands. */
export interface Explanation {
  readonly reason?: Reason;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
  readonly acts?: readonly ActKind[] | undefined;
}

/** What a state starts from: a new sale, or one that has ended. */
export type Opening = Omit<RedemptionView, 'granted' | 'timeline'>;

export class RedemptionState {
  readonly #identity: Pick<RedemptionView, 'program' | 'redemptionId' | 'store'>;
  readonly #table: Readonly<Partial<Record<Status, readonly Status[]>>>;
  readonly #timeline: TimelineEntry[] = [];
  #status: Status;
  #explanation: Explanation;
  #points: number;
  #discount: Money;
  #providerReference: string | undefined;

  constructor(opening: Opening) {
    const { program, redemptionId, store, status, points, discount, providerReference } = opening;
    this.#identity = { program, redemptionId, store };
    // Only what opens on an ended sale may leave that ending.
    this.#table = status in reopenings ? { ...moves, [status]: reopenings[status] } : moves;
    this.#status = status;
    this.#explanation = opening;
    this.#points = points;
    this.#discount = discount;
    this.#providerReference = providerReference;
  }

  get status(): Status {
    return this.#status;
  }

  quoted(points: number, discount: Money): void {
    this.#points = points;
    this.#discount = discount;
  }

  deducted(reference: string): void {
    this.#providerReference = reference;
  }

  /** @throws Error on a move that the table does not have: a bug, never a condition of the sale. */
  move(to: Status, at: Date, explanation: Explanation = {}): void {
    if (!this.#table[this.#status]?.includes(to))
      throw new Error(`illegal move from ${this.#status} to ${to}`);
    this.#status = to;
    this.#explanation = explanation;
    this.note(at, explanation.reason === undefined ? to : `${to}: ${explanation.reason}`);
  }

  note(at: Date, what: string): void {
    this.#timeline.push({ at: at.toISOString(), what });
  }

  view(): RedemptionView {
    const { reason, message, field, acts } = this.#explanation;
    return {
      ...this.#identity,
      status: this.#status,
      ...(reason !== undefined && { reason }),
      granted: isGranted(this.#status),
      points: this.#points,
      discount: this.#discount,
      ...(this.#providerReference !== undefined && { providerReference: this.#providerReference }),
      ...(message !== undefined && { message }),
      ...(field !== undefined && { field }),
      ...(acts !== undefined && { acts }),
      timeline: [...this.#timeline],
    };
  }
}
