/** The names of a sale's runs and of the task queues in Temporal. They are part of the outer interface. */
import type { SaleId } from './sale-id.ts';

/** The workers poll this queue. */
export const TASK_QUEUE = 'points-redemption';

/** Nobody polls this queue, because a run that only holds something (a member lock, the key check) has no task for a worker. */
export const UNSERVED_TASK_QUEUE = 'nobody-polls-this';

export type RunType = 'redemption' | 'reversal' | 'watch' | 'case';

export function workflowIdOf(type: RunType | 'news', { program, redemptionId }: SaleId): string {
  return `${type}:${program}:${redemptionId}`;
}

/** Names a reversal after its sale. There may have been one before a second case, so its own bears the number of its deduction. */
export function reversalName({
  isAgain = false,
  ended,
  order,
}: {
  readonly isAgain?: boolean | undefined;
  readonly ended: SaleId;
  readonly order: SaleId;
}): SaleId {
  return isAgain ? order : ended;
}

/** Splits a workflow id. This is safe, because no part of it holds a colon. */
export function saleIdIn(workflowId: string): SaleId {
  const [, program = '', redemptionId = ''] = workflowId.split(':');
  return { program, redemptionId };
}
