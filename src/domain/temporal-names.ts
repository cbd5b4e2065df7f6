/** Names in Temporal, fixed by the outer interface: of the runs of a sale, and of the task queues. */
import type { SaleId } from './sale-id.ts';

/** Where the workers poll. */
export const TASK_QUEUE = 'points-redemption';

/** Nobody polls it: a run that only holds something (a member's lock, the key check) gives no worker a task. */
export const UNSERVED_TASK_QUEUE = 'nobody-polls-this';

export type RunType = 'redemption' | 'reversal' | 'watch' | 'case';

export function workflowIdOf(type: RunType | 'news', { program, redemptionId }: SaleId): string {
  return `${type}:${program}:${redemptionId}`;
}

/** No part of a workflow id holds a colon. */
export function saleIdIn(workflowId: string): SaleId {
  const [, program = '', redemptionId = ''] = workflowId.split(':');
  return { program, redemptionId };
}
