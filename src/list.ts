import type { Client } from '@temporalio/client';
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

export interface ListedRedemption {
  readonly program: string;
  readonly redemptionId: string;
  readonly status: Status;
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
  const conditions = [
    filter.needsAttention
      ? `ExecutionStatus = 'Running' AND ${searchAttributes.status.name} = 'needs-attention'`
      : `WorkflowType = 'redemption'`,
    ...where(searchAttributes.program.name, filter.program),
    ...where(searchAttributes.store.name, filter.store),
    ...where(searchAttributes.status.name, filter.status),
  ];
  const found: ListedRedemption[] = [];
  for await (const run of temporal.workflow.list({ query: conditions.join(' AND ') })) {
    const [, program = '', redemptionId = ''] = run.workflowId.split(':');
    const reason = run.typedSearchAttributes.get(searchAttributes.reason);
    const store = run.typedSearchAttributes.get(searchAttributes.store);
    found.push({
      program,
      redemptionId,
      status: (run.typedSearchAttributes.get(searchAttributes.status) ??
        'checking-balance') as Status,
      ...(reason !== undefined && { reason }),
      ...(store !== undefined && { store }),
      startedAt: run.startTime.toISOString(),
    });
    if (found.length === filter.limit) break;
  }
  return found;
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
