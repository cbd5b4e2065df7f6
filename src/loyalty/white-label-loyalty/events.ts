/** Looks for the event of one redemption, because a lost answer cannot be found by an idempotency key. */
import type { Deduction } from '../../domain/orders.ts';
import { ProviderError } from '../provider.ts';
import type { Client, ReportedEvent } from './client.ts';

const PAGE = 200;
const MAX_PAGES = 250;

/** Allows for the difference between our clock (when an attempt began) and theirs (when an event arrived). */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

type Found =
  | { readonly kind: 'found'; readonly reference: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'ambiguous'; readonly references: readonly string[] };

/**
 * Goes through the events of all members since the attempt, newest first, and takes those that are `isOurs`. Their subject is
 * the member's canonical id, or, from before that, the till's spelling. One under another subject is left to a person.
 */
export async function findEvent(
  client: Client,
  deduction: Deduction,
  isOurs: (event: ReportedEvent) => boolean,
): Promise<Found> {
  // Events are kept by id, because a page shifts when events arrive while the pages are read.
  const matches = new Map<string, ReportedEvent>();
  for await (const event of eventsSince(client, Date.parse(deduction.since) - CLOCK_TOLERANCE_MS))
    if (isOurs(event)) matches.set(event.id, event);

  const [only, ...others] = matches.values();
  if (only === undefined) return { kind: 'not-found' };
  if (others.length > 0 || ![deduction.member, deduction.memberId].includes(only.subject))
    return { kind: 'ambiguous', references: [...matches.keys()] };
  return { kind: 'found', reference: only.id };
}

async function* eventsSince(client: Client, since: number): AsyncGenerator<ReportedEvent> {
  for (let page = 0, skip = 0; page < MAX_PAGES; page += 1) {
    const events = await client.events(skip, PAGE);
    yield* events;
    const oldest = events.at(-1);
    if (oldest === undefined || Date.parse(oldest.createdAt) < since) return;
    skip += events.length;
  }
  throw new ProviderError('unknown', `events: the attempt lies more than ${MAX_PAGES} pages back`);
}
