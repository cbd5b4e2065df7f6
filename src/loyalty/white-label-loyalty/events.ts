/** Looks for the event of one move, because a lost answer cannot be found by an idempotency key. */
import { z } from 'zod';
import type { Deduction } from '../../domain/orders.ts';
import { pagesOf } from '../pages.ts';
import { ProviderError, type LookUpMemory } from '../provider.ts';
import type { Client, ReportedEvent } from './client.ts';

const PAGE = 100;
const MAX_PAGES = 10_000;

/** Allows for the difference between our clock (when an attempt began) and theirs (when an event arrived). */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

const matchSchema = z.object({ id: z.string(), isMembers: z.boolean() });
type Match = z.infer<typeof matchSchema>;

/** A part of the list without gaps: its newest and oldest event, how many there are, and ours among them. */
const stretchSchema = z.object({
  top: z.string(),
  bottom: z.string(),
  count: z.int().min(1),
  matches: z.array(matchSchema),
});
type Stretch = z.infer<typeof stretchSchema>;

type Found =
  | { readonly kind: 'found'; readonly reference: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'ambiguous'; readonly references: readonly string[] };

/**
 * Goes through the events of all members since the attempt, newest first, and takes those that are `isOurs`. Their subject is
 * the member's canonical id, or, from before that, the till's spelling. One under another subject is left to a person.
 */
export async function findEvent(
  client: Pick<Client, 'events'>,
  deduction: Deduction,
  isOurs: (event: ReportedEvent) => boolean,
  memory?: LookUpMemory,
): Promise<Found> {
  const { member, memberId, since } = deduction;
  const reading = new Reading(memory, (event) =>
    isOurs(event)
      ? { id: event.id, isMembers: event.subject === memberId || event.subject === member }
      : undefined,
  );
  const [only, ...others] = await reading.since(client, Date.parse(since) - CLOCK_TOLERANCE_MS);
  if (only === undefined) return { kind: 'not-found' };
  if (others.length > 0 || !only.isMembers)
    return { kind: 'ambiguous', references: [only, ...others].map(({ id }) => id) };
  return { kind: 'found', reference: only.id };
}

/**
 * Reads the list from its newest event to the oldest that matters, and remembers the stretch that it has read. A repetition
 * reads what is newer, jumps over the stretch, and goes on below it. What it jumps over cannot have changed: an event stays as
 * it is, and newer ones only move it further down. If the stretch does not end where it should, it is read again. The latest
 * minutes are never remembered, because an event may show a little after a later one.
 */
class Reading {
  readonly #memory: LookUpMemory | undefined;
  readonly #matchOf: (event: ReportedEvent) => Match | undefined;
  readonly #seen = new Set<string>();
  /** Matches among the events that are too new to be remembered. */
  readonly #newest: Match[] = [];
  #newestAt: number | undefined;
  #stretch: Stretch | undefined;

  constructor(
    memory: LookUpMemory | undefined,
    matchOf: (event: ReportedEvent) => Match | undefined,
  ) {
    this.#memory = memory;
    this.#matchOf = matchOf;
  }

  async since(client: Pick<Client, 'events'>, since: number): Promise<Match[]> {
    const page = pagesOf('events', PAGE, (skip, size) => client.events(skip, size));
    let earlier = stretchSchema.safeParse(this.#memory?.recall()).data;
    let jump: { readonly over: Stretch; readonly from: number } | undefined;
    let skip = 0;
    for (let count = 0; count < MAX_PAGES; count += 1) {
      const events = await page(skip);
      const landed = jump === undefined ? 0 : positionOf(jump.over.bottom, events) + 1;
      if (jump !== undefined && landed === 0) {
        skip = jump.from;
        jump = undefined;
        continue;
      }
      if (jump !== undefined) this.#append(jump.over);
      jump = undefined;

      const reached = earlier === undefined ? -1 : positionOf(earlier.top, events);
      if (earlier !== undefined && reached !== -1) {
        this.#take(events.slice(0, reached));
        jump = { over: earlier, from: skip + reached };
        skip = jump.from + earlier.count - 1;
        earlier = undefined;
        continue;
      }

      this.#take(events.slice(landed));
      if (earlier === undefined && this.#stretch !== undefined) this.#memory?.keep(this.#stretch);
      const oldest = events.at(-1);
      if (oldest === undefined || Date.parse(oldest.createdAt) < since) return this.#matches();
      skip += events.length;
    }
    const message = `events: the attempt lies more than ${MAX_PAGES} pages back`;
    throw new ProviderError('unknown', message, { isLasting: true });
  }

  #take(events: readonly ReportedEvent[]): void {
    for (const event of events) {
      // A page overlaps the one before it if events have arrived meanwhile.
      if (this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      const match = this.#matchOf(event);
      const matches = match === undefined ? [] : [match];
      const at = Date.parse(event.createdAt);
      this.#newestAt ??= at;
      if (this.#stretch === undefined && at > this.#newestAt - CLOCK_TOLERANCE_MS)
        this.#newest.push(...matches);
      else this.#append({ top: event.id, bottom: event.id, count: 1, matches });
    }
  }

  #append({ top, bottom, count, matches }: Stretch): void {
    const above = this.#stretch;
    this.#stretch =
      above === undefined
        ? { top, bottom, count, matches }
        : {
            top: above.top,
            bottom,
            count: above.count + count,
            matches: [...above.matches, ...matches],
          };
  }

  #matches(): Match[] {
    const all = [...this.#newest, ...(this.#stretch?.matches ?? [])];
    return [...new Map(all.map((match) => [match.id, match])).values()];
  }
}

function positionOf(id: string, events: readonly ReportedEvent[]): number {
  return events.findIndex((event) => event.id === id);
}
