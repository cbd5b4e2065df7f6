import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { z } from 'zod';
import { ringOf } from './codec/client-keys.ts';
import { memberHash, memberHashKeyOf } from './codec/member-hash.ts';
import type { Programs } from './programs.ts';
import { idSchema, memberSchema } from './redemption.ts';
import { parseAs, programOf } from './request-check.ts';
import { reasons, statuses } from './statuses.ts';
import type { Status } from './workflows/redemption-state.ts';
import { searchAttributes } from './workflows/search-attributes.ts';

/** The run was terminated, or failed, in Temporal: it could give nothing back. */
export const ENDED_BY_FORCE = 'ended-by-force';

/** A keyed hash: whoever reads the search attributes does not learn who the member is. */
const MEMBER = 'RedemptionMember';

function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** How old a run may be at most, in milliseconds. */
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
    /** Started longer ago, or less long ago, than this; milliseconds. */
    olderThan: ageSchema.optional(),
    newerThan: ageSchema.optional(),
    /** Everything open that waits for an operator: reversals, watches and cases too. */
    needsAttention: z.boolean().optional(),
    limit: z.int().min(1),
  })
  .refine(
    ({ olderThan, newerThan }) =>
      olderThan === undefined || newerThan === undefined || olderThan < newerThan,
    { path: ['newerThan'], error: 'must be longer than olderThan: nothing is both' },
  );
export type ListFilter = z.infer<typeof listFilterSchema>;

export interface ListedRedemption {
  readonly program: string;
  readonly redemptionId: string;
  readonly status: Status | typeof ENDED_BY_FORCE;
  readonly reason?: string;
  readonly store?: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Asks Temporal's visibility store, which is a moment behind. A run that no worker has seen yet is `checking-balance`. */
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
  for await (const run of temporal.workflow.list({ query })) {
    if (await isSuperseded(temporal, run)) continue;
    const [, program = '', redemptionId = ''] = run.workflowId.split(':');
    const reason = run.typedSearchAttributes.get(searchAttributes.reason);
    const store = run.typedSearchAttributes.get(searchAttributes.store);
    found.push({
      program,
      redemptionId,
      status: statusOf(run),
      ...(reason !== undefined && { reason }),
      ...(store !== undefined && { store }),
      startedAt: run.startTime.toISOString(),
    });
    progress?.(found.length);
    if (found.length === filter.limit) break;
  }
  return found;
}

function queryOf(filter: ListFilter): string {
  const { needsAttention, program, store, status, reason, olderThan, newerThan } = filter;
  return [
    needsAttention
      ? `ExecutionStatus = 'Running' AND ${searchAttributes.status.name} = 'needs-attention'`
      : `WorkflowType = 'redemption'`,
    ...where(searchAttributes.program.name, program),
    ...where(searchAttributes.store.name, store),
    ...where(searchAttributes.reason.name, reason),
    ...whereStatus(status),
    ...(olderThan === undefined ? [] : [`StartTime < '${ago(olderThan)}'`]),
    ...(newerThan === undefined ? [] : [`StartTime > '${ago(newerThan)}'`]),
  ].join(' AND ');
}

function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString();
}

/** A member has another hash in each program. */
function whereMember(
  temporal: Client,
  programs: Programs,
  { member, program }: ListFilter,
): string[] {
  if (member === undefined) return [];
  const ring = ringOf(temporal);
  const asked = program === undefined ? [...programs.values()] : [programOf(programs, program)];
  const hashes = asked.map(
    (each) => `'${memberHash(memberHashKeyOf(each, ring), each.id, member)}'`,
  );
  return [`${MEMBER} IN (${hashes.join(', ')})`];
}

/** A run that was ended by force keeps the status that it had. */
function whereStatus(status: string | undefined): string[] {
  const forced = `('Terminated', 'Failed', 'TimedOut', 'Canceled')`;
  if (status === undefined) return [];
  if (status === ENDED_BY_FORCE) return [`ExecutionStatus IN ${forced}`];
  return [...where(searchAttributes.status.name, status), `ExecutionStatus NOT IN ${forced}`];
}

/** A run that was reset has another one after it, of the same sale. */
async function isSuperseded(
  temporal: Client,
  { workflowId, runId, status: { name } }: WorkflowExecutionInfo,
): Promise<boolean> {
  if (name === 'RUNNING') return false;
  const latest = await temporal.workflow.getHandle(workflowId).describe();
  return latest.runId !== runId;
}

function statusOf({
  status: { name },
  typedSearchAttributes,
}: WorkflowExecutionInfo): ListedRedemption['status'] {
  const isForced = name !== 'RUNNING' && name !== 'PAUSED' && name !== 'COMPLETED';
  if (isForced) return ENDED_BY_FORCE;
  return (typedSearchAttributes.get(searchAttributes.status) ?? 'checking-balance') as Status;
}

function where(attribute: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${attribute} = ${quoted(value)}`];
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** The ids of the redemptions that hold this reference of the provider as theirs. */
export async function redemptionsWith(
  temporal: Client,
  program: string,
  reference: string,
): Promise<string[]> {
  const conditions = [
    ...where(searchAttributes.program.name, program),
    ...where(searchAttributes.reference.name, reference),
  ];
  const found = new Set<string>();
  for await (const { workflowId } of temporal.workflow.list({ query: conditions.join(' AND ') }))
    found.add(workflowId.split(':')[2] ?? '');
  return [...found];
}
