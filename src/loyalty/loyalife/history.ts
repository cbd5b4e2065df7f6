/** Looks for a redemption in a member's history, which recovers a lost ExternalReference [D]. */
import type { Finding } from '../../domain/orders.ts';
import { pagesOf } from '../pages.ts';
import { ProviderError } from '../provider.ts';
import type { Client, Reply, Row } from './client.ts';
import { failureOf } from './codes.ts';

/** Widens the window, because history times are in an unknown time zone [D]. No two zones are further apart than this. */
const ZONE_TOLERANCE_MS = 36 * 3_600_000;

const PAGE = 100;
const MAX_PAGES = 100;

const CALL = 'GetMemberTransactionSummaryByDate';

/** Reads every row from a little before `since` until now. */
export async function readHistory(
  client: Pick<Client, 'history'>,
  member: string,
  since: string,
): Promise<Row[]> {
  const range = {
    DateFrom: withoutZone(Date.parse(since) - ZONE_TOLERANCE_MS),
    DateTo: withoutZone(Date.now() + ZONE_TOLERANCE_MS),
  };
  const page = pagesOf(CALL, PAGE, async (first, size) =>
    valueOf(
      await client.history(member, { ...range, MinimumRange: first, MaximumRange: first + size }),
    ),
  );
  // Rows are kept by id, because they shift when others arrive while the pages are read.
  const rows = new Map<string, Row>();
  for (let count = 0, first = 0; count < MAX_PAGES; count += 1) {
    const { ReturnObject, Count } = await page(first);
    for (const row of ReturnObject) rows.set(row.Id, row);
    first += ReturnObject.length;
    if (rows.size >= Count) return [...rows.values()];
    if (ReturnObject.length === 0)
      throw new ProviderError('unknown', `${CALL}: fewer rows than it counts`);
  }
  throw new ProviderError('unknown', `${CALL}: more than ${MAX_PAGES} pages`, { isLasting: true });
}

function valueOf<T>(reply: Reply<T>): T {
  if (!reply.succeeded) throw failureOf(CALL, reply.code);
  return reply.value;
}

function withoutZone(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}

/**
 * Looks for a row with minus the points and the redemption's own merchant name. That a redemption shows as negative points is
 * an assumption [?], so a row under our own name that shows anything else is left to a person. So is a row of equal points
 * that may belong to another sale, because its name is not `isExact` or the deployment leaves the name out or shortens it [?]. A
 * redemption that was given back still counts, because a look-up of its restoration will tell.
 */
export function matchRedemption(
  rows: readonly Row[],
  points: number,
  { merchantName, isExact }: { readonly merchantName: string; readonly isExact: boolean },
): Finding {
  const wanted = plainly(merchantName);
  const exact = isExact ? rows.filter((row) => plainly(row.MerchantName) === wanted) : [];
  const [redemption] = exact.filter((row) => row.Points === -points);
  const reference = redemption?.ExternalReference;
  const isReversal = (row: Row) => row.Points === points && row.ExternalReference === reference;
  if (typeof reference === 'string' && exact.every((row) => row === redemption || isReversal(row)))
    return { kind: 'found', reference, applied: true };
  const possible = rows.filter(
    (row) => Math.abs(row.Points) === points && wanted.startsWith(plainly(row.MerchantName)),
  );
  const undecided = exact.length > 0 ? exact : possible;
  if (undecided.length === 0) return { kind: 'not-found' };
  const references = new Set(undecided.map((row) => row.ExternalReference ?? row.Id));
  return { kind: 'ambiguous', references: [...references] };
}

/** Ignores case and outer spaces, because a history may trim free text or show it in capitals [?]. */
function plainly(name: string | null | undefined): string {
  return (name ?? '').trim().toUpperCase();
}

/**
 * Looks for the row of the reversal, which is always another one than the redemption's own and shows the same points with the
 * other sign. Which of the two is positive is an assumption [?] that nothing here depends on.
 */
export function matchReversal(rows: readonly Row[], points: number, reference: string): Finding {
  const own = rows.filter((row) => row.ExternalReference === reference);
  // A single row is the redemption. If it were not, the provider would refuse a second reversal [D].
  if (own.length < 2) return { kind: 'not-found' };
  const shows = (wanted: number) => own.some((row) => row.Points === wanted);
  if (own.length === 2 && shows(points) && shows(-points))
    return { kind: 'found', reference, applied: true };
  const reversals = own.filter((row) => row.Points > 0);
  const undecided = reversals.length > 0 ? reversals : own;
  return { kind: 'ambiguous', references: undecided.map((row) => row.Id) };
}
