import {
  ServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { z } from 'zod';
import { reasons, statuses, type Status } from '../domain/statuses.ts';
import { saleIdIn, workflowIdOf } from '../domain/temporal-names.ts';
import type { Programs } from '../programs/programs.ts';
import { idSchema, memberSchema } from '../schemas/redemption.ts';
import { withoutContent } from '../temporal/without-content.ts';
import { ON_COURSE, isOnCourse, searchAttributes } from '../workflows/search-attributes.ts';
import { FOLLOW_UPS, saleOf, tellingFollowUp, type ListedRun } from './listed-follow-ups.ts';
import { parseAs, programOf } from './request-check.ts';
import { combinedView, runsOf } from './runs.ts';
import { memberHashOf } from './start-options.ts';
import { quoted, where } from './visibility-query.ts';

/** The status of a run that was terminated or failed in Temporal, so that it could give nothing back. */
export const ENDED_BY_FORCE = 'ended-by-force';

/** The status of a run that search knows nothing of, and that cannot be read with the keys of this process. */
const UNREADABLE = 'unreadable';

function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** The largest age in a filter, in milliseconds. */
const AGE_LIMIT_MS = 10 * 365 * 86_400_000;
const ageSchema = z.int().min(0).max(AGE_LIMIT_MS, 'must be at most 10 years');

const listFilterSchema = z
  .strictObject({
    program: idSchema.optional(),
    store: idSchema.optional(),
    status: oneOf([...statuses, ENDED_BY_FORCE]).optional(),
    reason: oneOf(reasons).optional(),
    /** As the till spelled it. */
    member: memberSchema.optional(),
    /** The age of the run, in milliseconds. */
    olderThan: ageSchema.optional(),
    newerThan: ageSchema.optional(),
    /** Only what waits for an operator, including reversals, watches and cases. */
    needsAttention: z.boolean().optional(),
    limit: z.int().min(1),
  })
  .refine(
    ({ olderThan, newerThan }) =>
      olderThan === undefined || newerThan === undefined || olderThan < newerThan,
    { path: ['newerThan'], error: 'must be longer than olderThan, or nothing can match' },
  );
export type ListFilter = z.infer<typeof listFilterSchema>;

export interface ListedRedemption {
  readonly program: string;
  readonly redemptionId: string;
  readonly status: Status | typeof ENDED_BY_FORCE | typeof UNREADABLE;
  readonly reason?: string;
  readonly store?: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/**
 * Asks Temporal's visibility store, which is a moment behind. For a sale in its normal course, the store knows no exact step.
 * The step comes from the server's description of each open run, so no worker is needed.
 */
export async function findRedemptions(
  temporal: Client,
  programs: Programs,
  input: ListFilter,
  progress?: (count: number) => void,
): Promise<ListedRedemption[]> {
  const filter = parseAs(listFilterSchema, input);
  if (filter.program !== undefined) programOf(programs, filter.program);
  const found: ListedRedemption[] = [];
  const query = [queryOf(filter), ...whereMember(temporal, programs, filter)].join(' AND ');
  const search = withoutContent(temporal);
  const seen = new Set<string>();
  for await (const run of search.workflow.list({ query })) {
    const listed = filter.needsAttention
      ? await listedAs(run, run, temporal, search)
      : await listedSale(run, seen, temporal, search);
    if (listed === undefined || !fits(listed, filter)) continue;
    found.push(listed);
    progress?.(found.length);
    if (found.length === filter.limit) break;
  }
  return found;
}

/** A follow-up may have found the sale, or have made it another one than the store says of the sale's own run. */
function fits({ status, reason }: ListedRedemption, filter: ListFilter): boolean {
  return (
    (filter.status === undefined || status === filter.status) &&
    (filter.reason === undefined || reason === filter.reason)
  );
}

/** Lists the sale of this run, once, as what followed it has left it. */
async function listedSale(
  run: ListedRun,
  seen: Set<string>,
  temporal: Client,
  search: Client,
): Promise<ListedRedemption | undefined> {
  const sale = saleOf(run);
  const workflowId = workflowIdOf('redemption', sale);
  if (seen.has(workflowId)) return undefined;
  const own = run.workflowId === workflowId ? run : await describe(search, workflowId);
  if (own === undefined) return undefined;
  const isEnded = own.status.name === 'COMPLETED';
  const telling = isEnded ? await tellingFollowUp(search, sale) : undefined;
  const listed = await listedAs(own, telling ?? own, temporal, search);
  if (listed !== undefined) seen.add(workflowId);
  return listed;
}

/** Lists `sale` as `telling` says that it stands. Returns `undefined` for a run that another one of the same id has replaced. */
async function listedAs(
  sale: ListedRun,
  telling: ListedRun,
  temporal: Client,
  search: Client,
): Promise<ListedRedemption | undefined> {
  const status = await statusOf(temporal, search, telling);
  if (status === SUPERSEDED) return undefined;
  const reason = telling.typedSearchAttributes.get(searchAttributes.reason);
  const store = sale.typedSearchAttributes.get(searchAttributes.store);
  return {
    ...saleIdIn(sale.workflowId),
    status,
    ...(reason !== undefined && { reason }),
    ...(store !== undefined && { store }),
    startedAt: sale.startTime.toISOString(),
  };
}

async function describe(
  search: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await search.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function queryOf(filter: ListFilter): string {
  const { needsAttention, program, store, status, reason, olderThan, newerThan } = filter;
  return [
    needsAttention
      ? `ExecutionStatus = 'Running' AND ${searchAttributes.status.name} = 'needs-attention'`
      : typesFor(filter),
    ...where(searchAttributes.program.name, program),
    ...where(searchAttributes.store.name, store),
    ...where(searchAttributes.reason.name, reason),
    ...whereStatus(status),
    ...(olderThan === undefined ? [] : [`StartTime < '${ago(olderThan)}'`]),
    ...(newerThan === undefined ? [] : [`StartTime > '${ago(newerThan)}'`]),
  ].join(' AND ');
}

/** What followed a sale may have another status and reason than the sale's own run. */
function typesFor({ status, reason }: ListFilter): string {
  const types = ['redemption', ...((status ?? reason) ? FOLLOW_UPS : [])];
  return `WorkflowType IN (${types.map(quoted).join(', ')})`;
}

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

/** Searches by every program's hash of the member, because each program has its own. */
function whereMember(
  temporal: Client,
  programs: Programs,
  { member, program }: ListFilter,
): string[] {
  if (member === undefined) return [];
  const asked = program === undefined ? [...programs.values()] : [programOf(programs, program)];
  const hashes = asked.map((each) => quoted(memberHashOf(temporal, each, member)));
  return [`${searchAttributes.member.name} IN (${hashes.join(', ')})`];
}

/** Matches every run that may have this status. A run that was ended by force keeps its last status in search. */
function whereStatus(status: ListFilter['status']): string[] {
  const forced = `('Terminated', 'Failed', 'TimedOut', 'Canceled')`;
  if (status === undefined) return [];
  if (status === ENDED_BY_FORCE) return [`ExecutionStatus IN ${forced}`];
  const { name } = searchAttributes.status;
  if (!isOnCourse(status)) return [...where(name, status), `ExecutionStatus NOT IN ${forced}`];
  const shown = [...where(name, status), `${name} = '${ON_COURSE}'`, `${name} IS NULL`];
  const isEnd = status === 'completed';
  return [`(${shown.join(' OR ')})`, `ExecutionStatus = '${isEnd ? 'Completed' : 'Running'}'`];
}

/** A run that was reset is followed by another run of the same sale, so the first is left out. */
const SUPERSEDED = 'superseded';

async function statusOf(
  temporal: Client,
  search: Client,
  { workflowId, runId, status: { name }, typedSearchAttributes }: ListedRun,
): Promise<ListedRedemption['status'] | typeof SUPERSEDED> {
  const shown = typedSearchAttributes.get(searchAttributes.status);
  const isOpen = name === 'RUNNING' || name === 'PAUSED';
  if (isOpen && shown !== undefined && shown !== ON_COURSE) return shown as Status;
  const latest = await search.workflow.getHandle(workflowId).describe();
  if (latest.runId !== runId) return SUPERSEDED;
  if (!isOpen && name !== 'COMPLETED') return ENDED_BY_FORCE;
  if (shown === undefined) return readStatus(temporal, workflowId, isOpen);
  if (isOpen) return stepOf(latest);
  return shown === ON_COURSE ? 'completed' : (shown as Status);
}

/**
 * Asks the run itself, because search knows nothing of it: its server lacks the attributes, or a stranger started it. Such a
 * stranger cannot write the memo of a sale, and a run whose start no worker can read would answer no query.
 */
async function readStatus(
  temporal: Client,
  workflowId: string,
  isOpen: boolean,
): Promise<ListedRedemption['status']> {
  try {
    if (isOpen) {
      const { memo } = await temporal.workflow.getHandle(workflowId).describe();
      if (memo?.['fingerprint'] === undefined) return UNREADABLE;
    }
    return combinedView(await runsOf(temporal, saleIdIn(workflowId))).status;
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    return UNREADABLE;
  }
}

/** The start, the first task and the till's update. With no more events, no worker has taken the run up yet. */
const EVENTS_OF_A_NEW_RUN = 3;

const STEPS: readonly (readonly [activity: string, status: Status])[] = [
  ['fulfil', 'fulfilling'],
  ['deductPoints', 'deducting'],
  ['checkBalance', 'checking-balance'],
];

/** Infers the step of a sale in its normal course. */
function stepOf({ historyLength, raw }: WorkflowExecutionDescription): Status {
  const pending = raw.pendingActivities?.map(({ activityType }) => activityType?.name);
  const step = STEPS.find(([activity]) => pending?.includes(activity));
  if (step !== undefined) return step[1];
  return historyLength <= EVENTS_OF_A_NEW_RUN ? 'checking-balance' : 'awaiting-payment';
}
