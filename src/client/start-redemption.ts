import {
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import { TASK_QUEUE, workflowIdOf } from '../domain/temporal-names.ts';
import { DecryptionError, StrayError } from '../encryption/codec.ts';
import type { Program } from '../programs/programs.ts';
import { isTimeout, reasonOf, withinDeadline } from '../temporal/connection.ts';
import type { FirstAnswer, RedemptionStart } from '../workflows/messages.ts';
import { SAGA_VERSION } from '../workflows/versions.ts';
import { strayRedemption } from './runs.ts';
import { saleStartOptions, startWithOptions, type StartOptions } from './start-options.ts';

/**
 * Starts the redemption, or finds it started, and waits for its first answer. Returns `no-answer` if none came before `until`,
 * and `closed` if the run was closed before it received the update.
 * @throws RedemptionError `unavailable`; `conflict` when a stray run has taken the id; `invalid-settings` when the answer needs a key that this process does not have
 */
export async function startRedemption(
  temporal: Client,
  program: Program,
  start: RedemptionStart,
  until: number,
  { requestId }: { readonly requestId?: string } = {},
): Promise<FirstAnswer | 'no-answer' | 'closed'> {
  const ask = (entry: Partial<StartOptions>) => {
    const startWorkflowOperation = new WithStartWorkflowOperation<never>('redemption', {
      workflowId: workflowIdOf('redemption', start.request),
      taskQueue: TASK_QUEUE,
      args: [{ ...start, version: SAGA_VERSION }] as never,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      // Read without a worker: whose request started the run.
      memo: { fingerprint: start.fingerprint, ...(requestId !== undefined && { requestId }) },
      ...entry,
    });
    // The handle is not used. Its failure is also the call's failure, and must not be reported a second time.
    startWorkflowOperation.workflowHandle().catch(() => undefined);
    return temporal.workflow.executeUpdateWithStart<never, FirstAnswer, []>('pointsDeducted', {
      // The id is constant, so that a repetition gets the first answer.
      updateId: 'points-deducted',
      startWorkflowOperation,
    });
  };
  try {
    return await withinDeadline(temporal, until, () =>
      startWithOptions(temporal, saleStartOptions(temporal, program, start), ask),
    );
  } catch (error) {
    if (isTimeout(error)) return 'no-answer';
    if (
      error instanceof WorkflowExecutionAlreadyStartedError ||
      error instanceof WorkflowUpdateFailedError
    )
      return 'closed';
    if (error instanceof StrayError) throw strayRedemption(start.request, error);
    if (error instanceof DecryptionError)
      throw new RedemptionError('invalid-settings', error.message, { cause: error });
    throw new RedemptionError(
      'unavailable',
      `The request to Temporal failed: ${reasonOf(error)}. Whether the redemption has started is not known. Send it again with the same redemptionId; that is safe.`,
      { cause: error },
    );
  }
}
