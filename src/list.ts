import type {
  Client,
  WorkflowExecutionDescription,
  WorkflowExecutionInfo,
} from '@temporalio/client';
import type { Status } from './workflows/redemption-state.ts';
import { ON_COURSE, searchAttributes } from './workflows/search-attributes.ts';

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

/**
 * Asks Temporal's visibility store, which is a moment behind. It says of a sale that goes well only that; where an open one
 * stands is asked of the server, run by run, so that no worker is needed.
 */
export async function findRedemptions(
  temporal: Client,
  filter: ListFilter,
): Promise<ListedRedemption[]> {
  const found: ListedRedemption[] = [];
  for await (const run of temporal.workflow.list({ query: queryOf(filter) })) {
    const status = await statusOf(temporal, run);
    if (status === SUPERSEDED || (filter.status !== undefined && status !== filter.status))
      continue;
    const [, program = '', redemptionId = ''] = run.workflowId.split(':');
    const reason = run.typedSearchAttributes.get(searchAttributes.reason);
    const store = run.typedSearchAttributes.get(searchAttributes.store);
    found.push({
      program,
      redemptionId,
      status,
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

/** All that may stand there, as far as search can tell. A run that was ended by force keeps the status that it had. */
function whereStatus(status: string | undefined): string[] {
  const forced = `('Terminated', 'Failed', 'TimedOut', 'Canceled')`;
  if (status === undefined) return [];
  if (status === ENDED_BY_FORCE) return [`ExecutionStatus IN ${forced}`];
  const { name } = searchAttributes.status;
  const shown = [...where(name, status), `${name} = '${ON_COURSE}'`, `${name} IS NULL`];
  return [`(${shown.join(' OR ')})`, `ExecutionStatus NOT IN ${forced}`];
}

/** A run that was reset has another one after it, of the same sale. */
const SUPERSEDED = 'superseded';

async function statusOf(
  temporal: Client,
  { workflowId, runId, status: { name }, typedSearchAttributes }: WorkflowExecutionInfo,
): Promise<ListedRedemption['status'] | typeof SUPERSEDED> {
  const shown = typedSearchAttributes.get(searchAttributes.status) ?? ON_COURSE;
  const isOpen = name === 'RUNNING' || name === 'PAUSED';
  if (isOpen && shown !== ON_COURSE) return shown as Status;
  const latest = await temporal.workflow.getHandle(workflowId).describe();
  if (latest.runId !== runId) return SUPERSEDED;
  if (isOpen) return stepOf(latest);
  if (name !== 'COMPLETED') return ENDED_BY_FORCE;
  return shown === ON_COURSE ? 'completed' : (shown as Status);
}

/** Start, the first task and the till's question: no worker has answered for it yet. */
const EVENTS_OF_A_NEW_RUN = 3;

const STEPS: readonly (readonly [activity: string, status: Status])[] = [
  ['fulfil', 'fulfilling'],
  ['deductPoints', 'deducting'],
  ['checkBalance', 'checking-balance'],
];

/** Where a sale stands that goes well. */
function stepOf({ historyLength, raw }: WorkflowExecutionDescription): Status {
  const pending = raw.pendingActivities?.map(({ activityType }) => activityType?.name);
  const step = STEPS.find(([activity]) => pending?.includes(activity));
  if (step !== undefined) return step[1];
  return historyLength <= EVENTS_OF_A_NEW_RUN ? 'checking-balance' : 'awaiting-payment';
}

/** A condition of a visibility query, if there is one. */
export function where(attribute: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${attribute} = '${value.replaceAll("'", '')}'`];
}
