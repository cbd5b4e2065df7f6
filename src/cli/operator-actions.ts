/** What the verbs of operators do. */
import { checkResolution } from '../client/operator-actions.ts';
import { RedemptionError } from '../domain/errors.ts';
import { formatDuration } from '../schemas/duration.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal/connection.ts';
import { prepareSearchAttributes } from '../temporal/namespace.ts';
import { RETENTION_MS, isTooShort, retentionOf, setRetention } from '../temporal/retention.ts';
import { countFrom, durationFrom, given } from './arguments.ts';
import { confirm, demandAsker } from './confirm.ts';
import { connected } from './connected.ts';
import type {
  ActOptions,
  ListOptions,
  ResolveOptions,
  RetryOptions,
  SaleOptions,
} from './options.ts';
import type { Output } from './output.ts';
import { actText, listText, showText, tillView } from './texts.ts';

const NOTE_EVERY_FOUND = 100;
const NOTE_EVERY_RETRIED = 10;
/** Servers learn of new search attributes within seconds. */
const SEARCH_LIMIT_MS = 30_000;

export async function list(options: ListOptions, output: Output): Promise<void> {
  const { program, store, status, reason, member, needsAttention } = options;
  const { olderThan, newerThan } = options;
  const shown = countFrom(options.limit, 'limit');
  const filter = {
    ...given({ program, store, status, reason, member, needsAttention }),
    ...(olderThan !== undefined && { olderThan: durationFrom(olderThan, 'olderThan') }),
    ...(newerThan !== undefined && { newerThan: durationFrom(newerThan, 'newerThan') }),
    // One more tells whether the list was cut off.
    limit: shown + 1,
  };
  const found = await connected((client) =>
    client.list(filter, (count) => {
      if (count % NOTE_EVERY_FOUND === 0) output.note(`${count} found`);
    }),
  );
  const redemptions = found.slice(0, shown);
  const more = found.length > shown;
  output.show({ redemptions, more }, listText(redemptions, more));
}

export async function show({ program, id }: SaleOptions, output: Output): Promise<void> {
  const view = await connected((redemptions) => redemptions.status({ program, redemptionId: id }));
  output.show(view, showText(view));
}

export async function retry(options: RetryOptions, output: Output): Promise<void> {
  const { program, id, query } = options;
  if (query !== undefined) return retryAll(query, options, output);
  if (program === undefined || id === undefined)
    throw new RedemptionError(
      'invalid-request',
      '--program and --id are required, or --query instead of them.',
      { field: 'query' },
    );
  return retryOne({ ...options, program, id }, output);
}

async function retryOne(
  { program, id, by, why, yes }: SaleOptions & ActOptions,
  output: Output,
): Promise<void> {
  demandAsker(yes);
  const sale = { program, redemptionId: id };
  await connected(async (redemptions) => {
    await confirm(actText('retry', await redemptions.status(sale)), yes);
    await redemptions.retry(sale, { by, why });
    const view = await redemptions.status(sale);
    output.show(tillView(view), showText(view));
  });
}

async function retryAll(
  query: string,
  { by, why, yes }: ActOptions,
  output: Output,
): Promise<void> {
  demandAsker(yes);
  const { retried, ended } = await connected(async (redemptions) => {
    const waiting = await redemptions.countWaiting(query);
    await confirm(
      `retry every sale that needs attention and matches the query: ${waiting} at present`,
      yes,
    );
    return redemptions.retryAll(query, { by, why }, (count) => {
      if (count % NOTE_EVERY_RETRIED === 0) output.note(`${count} of ${waiting} retried`);
    });
  });
  const others = ended === 0 ? '' : `, ${ended} had ended meanwhile`;
  output.show({ retried, ended }, `${retried} retried${others}`);
}

export async function resolve(options: ResolveOptions, output: Output): Promise<void> {
  const { program, id, as, reference, by, why, yes } = options;
  demandAsker(yes);
  const sale = { program, redemptionId: id };
  await connected(async (redemptions) => {
    const resolution = checkResolution({ resolution: as, by, why, ...given({ reference }) });
    await confirm(actText(`resolve as ${as}:`, await redemptions.status(sale)), yes);
    await redemptions.resolve(sale, resolution);
    const view = await redemptions.status(sale);
    output.show(tillView(view), showText(view));
  });
}

export async function setup(output: Output): Promise<void> {
  const { client, connection } = await connectToTemporal(readTemporalSettings());
  const { namespace } = client.options;
  await prepareSearchAttributes(connection, namespace, SEARCH_LIMIT_MS);
  if (isTooShort(await retentionOf(client))) await setRetention(client, RETENTION_MS);
  const retentionMs = await retentionOf(client);
  const retention =
    retentionMs === undefined ? 'as long as the server decides' : formatDuration(retentionMs);
  await connection.close();
  output.show(
    { namespace, retention },
    `${namespace}: the search attributes exist, and closed redemptions are kept for ${retention}`,
  );
}
