/** Looks for a redemption in a member's history, which recovers a lost ExternalReference [D]. */
import type { Finding } from '../../domain/orders.ts';
import { ProviderError } from '../provider.ts';
import type { Client, Reply, Row } from './client.ts';
import { failureOf } from './codes.ts';

/** Widens the window, because history times are in an unknown time zone [D]. No two zones are further apart than this. */
const ZONE_TOLERANCE_MS = 36 * 3_600_000;

const PAGE = 200;
const MAX_PAGES = 50;

const CALL = 'GetMemberTransactionSummaryByDate';

/** Reads every row from a little before `since` until now. */
export async function readHistory(client: Client, member: string, since: string): Promise<Row[]> {
  const range = {
    DateFrom: withoutZone(Date.parse(since) - ZONE_TOLERANCE_MS),
    DateTo: withoutZone(Date.now() + ZONE_TOLERANCE_MS),
  };
  // Rows are kept by id, because they shift when others arrive while the pages are read.
  const rows = new Map<string, Row>();
  for (let page = 0, first = 0; page < MAX_PAGES; page += 1) {
    const { ReturnObject, Count } = valueOf(
      await client.history(member, { ...range, MinimumRange: first, MaximumRange: first + PAGE }),
    );
    for (const row of ReturnObject) rows.set(row.Id, row);
    first += ReturnObject.length;
    if (rows.size >= Count) return [...rows.values()];
    if (ReturnObject.length === 0) break;
  }
  throw new ProviderError('unknown', `${CALL}: fewer rows than it counts`);
}

function valueOf<T>(reply: Reply<T>): T {
  if (!reply.succeeded) throw failureOf(CALL, reply.code);
  return reply.value;
}

function withoutZone(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}

/**
 * Looks for a row with minus the points and the redemption's own merchant name. If `named` is false, or if the deployment
 * leaves the name out or shortens it [?], a row of equal points may belong to another sale, so a person decides. A row that
 * was reversed still counts, because a look-up of its restoration will tell.
 */
export function matchRedemption(
  rows: readonly Row[],
  points: number,
  merchantName: string,
  named: boolean,
): Finding {
  const wanted = plainly(merchantName);
  const possible = rows.filter(
    (row) => row.Points === -points && wanted.startsWith(plainly(row.MerchantName)),
  );
  const exact = named ? possible.filter((row) => plainly(row.MerchantName) === wanted) : [];
  const reference = exact.length === 1 ? exact[0]?.ExternalReference : undefined;
  if (typeof reference === 'string') return { kind: 'found', reference, applied: true };
  if (possible.length === 0) return { kind: 'not-found' };
  const undecided = exact.length > 0 ? exact : possible;
  return { kind: 'ambiguous', references: undecided.map((row) => row.ExternalReference ?? row.Id) };
}

/** Ignores case and outer spaces, because a history may trim free text or show it in capitals [?]. */
function plainly(name: string | null | undefined): string {
  return (name ?? '').trim().toUpperCase();
}

/** Looks for a row with positive points and the redemption's reference. */
export function matchReversal(rows: readonly Row[], reference: string): Finding {
  const reversals = rows.filter((row) => row.Points > 0 && row.ExternalReference === reference);
  if (reversals.length === 0) return { kind: 'not-found' };
  if (reversals.length > 1)
    return { kind: 'ambiguous', references: reversals.map((row) => row.Id) };
  return { kind: 'found', reference, applied: true };
}
