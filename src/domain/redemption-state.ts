/**
 * The legal moves between the statuses of a redemption, and the state that makes them. Plain code without Temporal, so the
 * saga passes it the time.
 */
import type { Money } from '../schemas/redemption.ts';
import type { Explanation, Opening, RedemptionView, TimelineEntry } from './redemption-view.ts';
import { isGranted, type Status } from './statuses.ts';

/** Every legal move. A move that is not in this table is a fault of ours: see {@link IllegalMove}. */
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
  // An operator's act, or a message that came at last, may lead to each of these.
  'needs-attention': [
    // The answer did not settle it, or raised another reason.
    'needs-attention',
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

type Moves = Readonly<Partial<Record<Status, readonly Status[]>>>;

/** The moves that leave an ending, by the status that a sale's reversal, watch or case opened on. */
const reopenings: Readonly<Partial<Record<Status, Moves>>> = {
  completed: { completed: ['compensating'] },
  declined: { declined: ['compensating', 'needs-attention'] },
  // A void may still meet a case that has just completed.
  compensated: { compensated: ['needs-attention'], completed: ['compensating'] },
};

/** A move that the table lacks. The workflow stops where it is and asks a person, because points may be held. */
export class IllegalMove extends Error {
  override readonly name = 'IllegalMove';
}

export class RedemptionState {
  readonly #identity: Pick<RedemptionView, 'program' | 'redemptionId' | 'store'>;
  readonly #table: Moves;
  readonly #timeline: TimelineEntry[];
  #status: Status;
  #explanation: Explanation;
  #points: number;
  #discount: Money;
  #providerReference: string | undefined;

  /** `earlier` is what happened before. */
  constructor(opening: Opening, earlier: readonly TimelineEntry[] = []) {
    this.#timeline = [...earlier];
    const { program, redemptionId, store, status, points, discount, providerReference } = opening;
    this.#identity = { program, redemptionId, store };
    // Only a workflow that opens on an ended sale may leave an ending.
    this.#table = { ...moves, ...reopenings[status] };
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

  /** @throws IllegalMove on a move that is not in the table, because that is a bug and no condition of the sale */
  move(to: Status, at: Date, explanation: Explanation = {}): void {
    if (!this.#table[this.#status]?.includes(to))
      throw new IllegalMove(`illegal move from ${this.#status} to ${to}`);
    this.#set(to, at, explanation);
  }

  /** Asks a person after an illegal move, from whatever status. */
  halt(at: Date, explanation: Explanation): void {
    this.#set('needs-attention', at, explanation);
  }

  #set(to: Status, at: Date, explanation: Explanation): void {
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
