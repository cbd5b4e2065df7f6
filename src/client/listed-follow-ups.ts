/** What search knows of the runs that followed a sale. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import type { SaleId } from '../domain/sale-id.ts';
import { saleIdIn, workflowIdOf } from '../domain/temporal-names.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { quoted } from './visibility-query.ts';

export type ListedRun = Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'status' | 'typedSearchAttributes' | 'startTime'
>;

/** Returns the follow-up that tells how the sale stands: one that waits for an operator, or else the latest. */
export async function tellingFollowUp(
  search: Client,
  sale: SaleId,
): Promise<ListedRun | undefined> {
  const ids = FOLLOW_UPS.map((type) => workflowIdOf(type, sale));
  const query = ids.flatMap((id) => [
    `WorkflowId = ${quoted(id)}`,
    // A further deduction has a number of its own.
    `WorkflowId STARTS_WITH ${quoted(`${id}~`)}`,
  ]);
  const runs: ListedRun[] = [];
  for await (const run of search.workflow.list({ query: query.join(' OR ') })) runs.push(run);
  const waiting = runs.find(
    ({ status, typedSearchAttributes }) =>
      status.name === 'RUNNING' &&
      typedSearchAttributes.get(searchAttributes.status) === 'needs-attention',
  );
  const own = runs
    // The watch for what a case deducted only gives back what was never part of the sale.
    .filter(({ workflowId }) => !workflowId.startsWith(`${workflowIdOf('watch', sale)}~`))
    .toSorted((one, other) => Number(other.startTime) - Number(one.startTime));
  return waiting ?? own[0];
}

export const FOLLOW_UPS = ['watch', 'case', 'reversal'] as const;

/** A further deduction of one sale has a number behind its id. */
export function saleOf({ workflowId }: ListedRun): SaleId {
  const { program, redemptionId } = saleIdIn(workflowId);
  return { program, redemptionId: redemptionId.replace(/~.*$/, '') };
}
