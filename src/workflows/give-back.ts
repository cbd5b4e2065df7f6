import { workflowInfo } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import type { CompensationReason } from '../domain/statuses.ts';
import { cancelFulfilment, restorePoints } from './activities.ts';
import type { Compensations, UndoResult } from './compensations.ts';
import type { Progress } from './progress.ts';

/**
 * Takes back what was done, newest first. If something cannot be taken back, it waits for an operator, who may say that it
 * was done by hand, or that it stays. In the last case the points stay spent.
 */
export async function giveBack(
  progress: Progress,
  compensations: Compensations,
  reason: CompensationReason,
): Promise<'compensated' | 'completed'> {
  progress.move('compensating', { reason });
  const unwound = await compensations.unwind(async (stuck) => {
    const answer = await progress.needAttention(stuck.reason, { detail: stuck.message });
    if (answer?.kind === 'accept') return 'keep';
    progress.move('compensating', { reason });
    return answer?.kind === 'restored' ? 'undone' : 'again';
  });
  return unwound ? 'compensated' : 'completed';
}

/** Makes the undo of a deduction. It does nothing while there is no reference, because then nothing was deducted. */
export function restoration(
  progress: Progress,
  order: DeductionOrder,
  reference: () => string | undefined,
): () => Promise<UndoResult> {
  const { runId, firstExecutionRunId, startTime } = workflowInfo();
  // A run that was reset may have given the points back before.
  let since = runId === firstExecutionRunId ? undefined : startTime.toISOString();
  return async () => {
    const deduction = reference();
    if (deduction === undefined) return { kind: 'done' };
    const isRepeated = since !== undefined;
    // Look-ups of the restoration need go no further back than its first attempt.
    since ??= new Date().toISOString();
    const restored = await restorePoints({
      ...order,
      since,
      deductedSince: order.since,
      reference: deduction,
      isRepeated,
    });
    if (restored.kind === 'stuck') return restored;
    progress.note(`${order.points} points given back`);
    return { kind: 'done' };
  };
}

/** Makes the undo of a fulfilment. It may come before its order, because the service remembers a cancellation. */
export function cancellation(
  progress: Progress,
  sale: { readonly program: string; readonly redemptionId: string },
): () => Promise<UndoResult> {
  return async () => {
    const answer = await cancelFulfilment(sale);
    if (answer.kind === 'refused')
      return { kind: 'stuck', reason: 'cancellation-refused', message: answer.message };
    progress.note('fulfilment cancelled');
    return { kind: 'done' };
  };
}
