/**
 * Everything that the sandbox keeps: members and their points, movements, events, payments, fulfilments, and every request
 * that broke a contract. It changes by {@link Ledger.commit} only. The services decide what may happen.
 */
import { Journal } from './journal.ts';

export const memberStates = ['active', 'inactive', 'cancelled', 'suspended'] as const;
export type MemberState = (typeof memberStates)[number];

export interface Member {
  readonly program: string;
  /** The canonical id. At White Label Loyalty it is the `userId`. */
  readonly memberId: string;
  /** The other spellings that mean this member. */
  readonly aliases: readonly string[];
  points: number;
  readonly state: MemberState;
  /** The lowest balance since the member was created or replaced. */
  lowest: number;
}

export interface Movement {
  readonly program: string;
  readonly memberId: string;
  /** `other` is a spend through another channel than ours. */
  readonly kind: 'deduct' | 'restore' | 'other';
  /** Added to the balance, so negative for a deduction. */
  readonly points: number;
  /** The id of the event (White Label Loyalty), or the ExternalReference, which a reversal shares (Loyalife). */
  readonly reference: string;
  readonly at: string;
  /** As the request spelled the member, because a Loyalife reversal must repeat the spelling of its redemption. */
  readonly spelling: string;
  /** From the payload of a White Label Loyalty event. */
  readonly redemptionId?: string | undefined;
  /** Loyalife only. */
  readonly merchantName?: string | undefined;
  /** Loyalife only. */
  readonly loyaltyTxnType?: number | undefined;
}

interface Reaction {
  readonly type: 'POINTS';
  readonly points: number;
  readonly reactedAt: string;
}

/** An event reported to White Label Loyalty. */
export interface ReportedEvent {
  readonly id: number;
  readonly type: string;
  readonly subject: string;
  readonly executor?: string | undefined;
  readonly payload: Readonly<Record<string, unknown>> & { readonly points: number };
  readonly occurredAt: string;
  readonly createdAt: string;
  readonly memberId: string;
  /** How long after `createdAt` its reactor runs, or `null` without a reactor, which never moves points. */
  readonly reactsAfterMs: number | null;
  /** What each of its reactors makes of the event's own change. Absent for the one that it should have. */
  readonly reactors?: readonly number[] | undefined;
  readonly reactions: readonly Reaction[];
}

export interface Payment {
  readonly program: string;
  readonly redemptionId: string;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface FulfilmentRecord {
  readonly program: string;
  readonly redemptionId: string;
  readonly state: 'fulfilled' | 'cancelled' | 'pending';
  /** How many times it was given. */
  readonly times: number;
  /** How many times it was answered with "still working". */
  readonly pendingAnswers: number;
  /** The order as JSON, or `null` if a cancellation came first. */
  readonly order: string | null;
  readonly reference: string;
}

/** A request that broke its contract. */
export interface Violation {
  readonly service: string;
  readonly call: string;
  readonly why: string;
  readonly at: string;
}

export type Entry =
  | { readonly type: 'member'; readonly member: Member }
  | { readonly type: 'movement'; readonly movement: Movement }
  | { readonly type: 'event'; readonly event: ReportedEvent }
  | { readonly type: 'reaction'; readonly eventId: number; readonly reaction: Reaction }
  | { readonly type: 'payment'; readonly payment: Payment }
  | { readonly type: 'fulfilment'; readonly fulfilment: FulfilmentRecord }
  | { readonly type: 'violation'; readonly violation: Violation };

export class Ledger {
  readonly #journal: Journal<Entry>;
  readonly #members = new Map<string, Member>();
  readonly #memberBySpelling = new Map<string, Member>();
  readonly #movements: Movement[] = [];
  readonly #events: ReportedEvent[] = [];
  readonly #payments = new Map<string, Payment>();
  readonly #fulfilments = new Map<string, FulfilmentRecord>();
  readonly #violations: Violation[] = [];

  /** @throws SettingsError when the file cannot be used. */
  constructor(dataFile: string | undefined) {
    this.#journal = new Journal(dataFile);
    for (const commit of this.#journal.open()) for (const entry of commit) this.#apply(entry);
  }

  /** Takes all of the entries or, when the process dies first, none of them. */
  commit(...entries: Entry[]): void {
    this.#journal.append(entries);
    for (const entry of entries) this.#apply(entry);
  }

  close(): void {
    this.#journal.close();
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }
  get movements(): readonly Movement[] {
    return this.#movements;
  }
  /** The events, oldest first. The event with the id n is the n-th. */
  get events(): readonly ReportedEvent[] {
    return this.#events;
  }
  get fulfilments(): readonly FulfilmentRecord[] {
    return [...this.#fulfilments.values()];
  }
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Finds a member by the canonical id or any alias. */
  member(program: string, spelling: string): Member | undefined {
    return this.#memberBySpelling.get(key(program, spelling));
  }
  /** Returns all spellings of the member with this spelling. Without such a member, it returns the spelling itself. */
  spellings(program: string, spelling: string): readonly string[] {
    const member = this.member(program, spelling);
    return member === undefined ? [spelling] : [member.memberId, ...member.aliases];
  }
  payment(program: string, redemptionId: string): Payment | undefined {
    return this.#payments.get(key(program, redemptionId));
  }
  fulfilment(program: string, redemptionId: string): FulfilmentRecord | undefined {
    return this.#fulfilments.get(key(program, redemptionId));
  }

  #apply(entry: Entry): void {
    switch (entry.type) {
      case 'member':
        return this.#replaceMember({ ...entry.member });
      case 'movement':
        return this.#move(entry.movement);
      case 'event':
        this.#events.push(entry.event);
        return;
      case 'reaction': {
        const event = this.#events[entry.eventId - 1];
        if (event !== undefined)
          this.#events[entry.eventId - 1] = {
            ...event,
            reactions: [...event.reactions, entry.reaction],
          };
        return;
      }
      case 'payment':
        this.#payments.set(key(entry.payment.program, entry.payment.redemptionId), entry.payment);
        return;
      case 'fulfilment':
        this.#fulfilments.set(
          key(entry.fulfilment.program, entry.fulfilment.redemptionId),
          entry.fulfilment,
        );
        return;
      case 'violation':
        this.#violations.push(entry.violation);
        return;
    }
  }

  #replaceMember(member: Member): void {
    const id = key(member.program, member.memberId);
    const replaced = this.#members.get(id);
    for (const alias of replaced?.aliases ?? [])
      this.#memberBySpelling.delete(key(member.program, alias));
    this.#members.set(id, member);
    for (const spelling of [member.memberId, ...member.aliases])
      this.#memberBySpelling.set(key(member.program, spelling), member);
  }

  #move(movement: Movement): void {
    this.#movements.push(movement);
    const member = this.#members.get(key(movement.program, movement.memberId));
    if (member === undefined) return;
    member.points += movement.points;
    member.lowest = Math.min(member.lowest, member.points);
  }
}

function key(program: string, id: string): string {
  return `${program}\n${id}`;
}
