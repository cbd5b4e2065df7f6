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
 * Goes through the events of all members since the attempt, newest first, and matches our own ids in the payload. An event of
 * this redemption under another subject may belong to the member by a third alias, so a person decides.
 */
export async function findEvent(
  client: Client,
  eventType: string,
  programId: string,
  deduction: Deduction,
): Promise<Found> {
  // Events are kept by id, because a page shifts when events arrive while the pages are read.
  const matches = new Map<string, ReportedEvent>();
  for await (const event of eventsSince(client, Date.parse(deduction.since) - CLOCK_TOLERANCE_MS))
    if (
      event.type === eventType &&
      event.payload?.['redemptionId'] === deduction.redemptionId &&
      event.payload['program'] === programId
    )
      matches.set(event.id, event);

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
