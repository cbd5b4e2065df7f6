import { workflowInfo } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import type { CompensationReason } from '../domain/statuses.ts';
import { cancelFulfilment, restorePoints } from './activities.ts';
import type { Compensations, UndoResult } from './compensations.ts';
import type { Progress } from './progress.ts';

/**
 * Takes back what was done, newest first. What cannot be taken back waits for an operator: who may say that it was done by
 * hand, or that it stays, and then the points stay spent.
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

/** Safe when nothing was deducted: then there is no reference. */
export function restoration(
  progress: Progress,
  order: DeductionOrder,
  reference: () => string | undefined,
): () => Promise<UndoResult> {
  const { runId, firstExecutionRunId, startTime } = workflowInfo();
  // A run that was reset may have given back before.
  let since = runId === firstExecutionRunId ? undefined : startTime.toISOString();
  return async () => {
    const deduction = reference();
    if (deduction === undefined) return { kind: 'done' };
    const isRepeated = since !== undefined;
    // Look-ups of the restoration need go no further back than its first attempt.
    since ??= new Date().toISOString();
    const restored = await restorePoints({ ...order, since, reference: deduction, isRepeated });
    if (restored.kind === 'stuck') return restored;
    progress.note(`${order.points} points given back`);
    return { kind: 'done' };
  };
}

/** Safe when nothing was fulfilled: a cancellation that comes first is remembered. */
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
