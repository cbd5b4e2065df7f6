import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { Status } from './workflows/redemption-state.ts';
import { searchAttributes } from './workflows/search-attributes.ts';

export interface ListFilter {
  readonly program?: string | undefined;
  readonly store?: string | undefined;
  readonly status?: string | undefined;
  /** Everything open that waits for an operator: reversals, watches and cases too. */
  readonly needsAttention?: boolean | undefined;
  readonly limit: number;
}

/** The run was terminated, or failed, in Temporal: it could give nothing back. */
export const ENDED_BY_FORCE = 'ended-by-force';

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
  filter: ListFilter,
): Promise<ListedRedemption[]> {
  const found: ListedRedemption[] = [];
  for await (const run of temporal.workflow.list({ query: queryOf(filter) })) {
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
    if (found.length === filter.limit) break;
  }
  return found;
}

function queryOf({ needsAttention, program, store, status }: ListFilter): string {
  return [
    needsAttention
      ? `ExecutionStatus = 'Running' AND ${searchAttributes.status.name} = 'needs-attention'`
      : `WorkflowType = 'redemption'`,
    ...where(searchAttributes.program.name, program),
    ...where(searchAttributes.store.name, store),
    ...whereStatus(status),
  ].join(' AND ');
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
  return value === undefined ? [] : [`${attribute} = '${value.replaceAll("'", '')}'`];
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
