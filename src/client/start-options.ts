/** Gives a run its search attributes and a summary, so that operators find it. Nothing personal is in them. */
import type { Client } from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import { RedemptionError } from '../domain/errors.ts';
import { followUpSummary, openingOf } from '../domain/follow-ups.ts';
import { summaryOf } from '../domain/summary.ts';
import { keyRingOf } from '../encryption/client-keys.ts';
import { memberHash, memberHashKeyOf } from '../encryption/member-hash.ts';
import { quoteAt } from '../money/conversion.ts';
import { fromMinor, toMinor } from '../money/money.ts';
import type { Program } from '../programs/programs.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { prepareSearchAttributes } from '../temporal/namespace.ts';
import type { FollowUpStart, RedemptionStart } from '../workflows/messages.ts';
import { ON_COURSE, searchAttributes } from '../workflows/search-attributes.ts';

/** Servers learn of new search attributes in 2 s. It happens once, when no worker has ever run in the namespace. */
const SEARCH_LIMIT_MS = 3_000;

export interface StartOptions {
  readonly staticSummary: string;
  readonly typedSearchAttributes: SearchAttributePair[];
}

export function saleStartOptions(
  temporal: Client,
  program: Program,
  { request, deductByMs }: RedemptionStart,
): StartOptions {
  const { store, member, paymentDeadlineMs = program.paymentDeadline } = request;
  return {
    staticSummary: summaryOf({ program: program.id, store, ...worthOf(program, request) }),
    typedSearchAttributes: [
      { key: searchAttributes.status, value: ON_COURSE },
      ...memberAttributes(temporal, program, store, member),
      {
        key: searchAttributes.deadline,
        value: new Date(Date.now() + deductByMs + paymentDeadlineMs),
      },
    ],
  };
}

export function followUpStartOptions(
  temporal: Client,
  program: Program,
  type: 'reversal' | 'case',
  start: FollowUpStart,
): StartOptions {
  const { ended, order } = start;
  const { status, reason } = openingOf(type, start);
  return {
    staticSummary: followUpSummary(type, ended),
    typedSearchAttributes: [
      { key: searchAttributes.status, value: status },
      ...(reason === undefined ? [] : [{ key: searchAttributes.reason, value: reason }]),
      ...memberAttributes(temporal, program, ended.store, order.member),
    ],
  };
}

/** Hashes the member as the till spelled it, because no provider is asked for a canonical id before the start. */
export function memberHashOf(temporal: Client, program: Program, member: string): string {
  return memberHash(memberHashKeyOf(program, keyRingOf(temporal)), program.id, member);
}

/**
 * Starts a run with these options. No sale fails because a search attribute is missing: if the server lacks one, it is
 * created. If that does not help, the run starts without attributes. No worker takes it up before they exist, and it then sets
 * them itself.
 */
export async function startWithOptions<T>(
  temporal: Client,
  { staticSummary, typedSearchAttributes }: StartOptions,
  start: (entry: Partial<StartOptions>) => Promise<T>,
): Promise<T> {
  const entry = { staticSummary, typedSearchAttributes };
  try {
    return await start(entry);
  } catch (error) {
    if (!lacksSearchAttribute(error)) throw error;
  }
  try {
    const { connection, options } = temporal;
    await prepareSearchAttributes(connection, options.namespace, SEARCH_LIMIT_MS);
    return await start(entry);
  } catch (error) {
    // This process may not create them, or the server takes long to learn of them.
    if (!(error instanceof RedemptionError) && !lacksSearchAttribute(error)) throw error;
    return start({ staticSummary });
  }
}

function memberAttributes(
  temporal: Client,
  program: Program,
  store: string,
  member: string,
): SearchAttributePair[] {
  return [
    { key: searchAttributes.program, value: program.id },
    { key: searchAttributes.store, value: store },
    { key: searchAttributes.member, value: memberHashOf(temporal, program, member) },
  ];
}

/** Returns points and discount as far as they are known without the provider, and 0 for the rest. */
function worthOf(program: Program, { points, amount, basket }: RedemptionRequest) {
  const asked = { points: points ?? 0, discount: amount ?? fromMinor(0, basket.currency) };
  if (!('value' in program.rate)) return asked;
  const ask = points === undefined ? { amountMinor: toMinor(asked.discount) ?? 0 } : { points };
  const quoted = quoteAt(program.rate.value, program.currency, ask);
  return { points: quoted.points, discount: fromMinor(quoted.discountMinor, program.currency) };
}

/** Searches all causes, because servers use different words, and a start with an update wraps the error differently. */
function lacksSearchAttribute(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if (/search attribute Redemption\w+( is not defined)?/i.test(each.message)) return true;
  return false;
}
