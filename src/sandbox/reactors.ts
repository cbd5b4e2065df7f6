/** White Label Loyalty's reactors: an event changes the balance by `$.points * -1`, or gives the points back. */
import { coffeeClub } from '../programs/sandbox.ts';
import type { Fault } from './faults.ts';
import type { Entry, Movement, ReportedEvent } from './ledger.ts';
import type { Sandbox } from './service.ts';

type Report = Pick<ReportedEvent, 'type' | 'subject' | 'executor' | 'payload' | 'occurredAt'>;

export class Reactors {
  readonly #sandbox: Sandbox;

  /** Schedules the events that an earlier process accepted, and to which it had no time to react. */
  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
    for (const event of sandbox.ledger.events)
      if (event.reactions.length === 0) this.#schedule(event);
  }

  /** Accepts an event, whose points move later. The subject must be known. */
  accept(report: Report, fault: Fault | undefined): ReportedEvent {
    const { ledger, switches } = this.#sandbox;
    const event: ReportedEvent = {
      ...report,
      id: ledger.events.length + 1,
      createdAt: new Date().toISOString(),
      memberId: ledger.member(coffeeClub.id, report.subject)?.memberId ?? report.subject,
      reactsAfterMs: reactsAfterMs(fault, switches.reactionDelayMs),
      ...(fault?.fault === 'second-reactor' && { reactors: [1, 1] }),
      ...(fault?.fault === 'inverse-reactor' && { reactors: [-1] }),
      reactions: [],
    };
    ledger.commit({ type: 'event', event });
    this.#schedule(event);
    return event;
  }

  #schedule(event: ReportedEvent): void {
    if (event.reactsAfterMs === null) return;
    const due = Date.parse(event.createdAt) + event.reactsAfterMs;
    this.#sandbox.timers.after(Math.max(0, due - Date.now()), () => this.#react(event));
  }

  #react(event: ReportedEvent): void {
    const { reactors = [1] } = event;
    this.#sandbox.ledger.commit(
      ...reactors.flatMap((factor) => reaction(event, factor * pointsOf(event))),
    );
  }
}

function reaction(event: ReportedEvent, points: number): Entry[] {
  const at = new Date().toISOString();
  const movement: Movement = {
    program: coffeeClub.id,
    memberId: event.memberId,
    kind: points < 0 ? 'deduct' : 'restore',
    points,
    reference: String(event.id),
    redemptionId: redemptionIdOf(event.payload),
    spelling: event.subject,
    at,
  };
  return [
    { type: 'reaction', eventId: event.id, reaction: { type: 'POINTS', points, reactedAt: at } },
    { type: 'movement', movement },
  ];
}

/** Returns what the reactor of this event adds to the balance. */
export function pointsOf({ type, payload }: Pick<ReportedEvent, 'type' | 'payload'>): number {
  return type === coffeeClub.deduction.eventType ? -payload.points : payload.points;
}

export function redemptionIdOf({ redemptionId }: ReportedEvent['payload']): string | undefined {
  return typeof redemptionId === 'string' ? redemptionId : undefined;
}

function reactsAfterMs(fault: Fault | undefined, usualMs: number): number | null {
  if (fault?.fault === 'missing-reactor') return null;
  return fault?.fault === 'late-reaction' ? (fault.delayMs ?? usualMs) : usualMs;
}
