import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { TASK_QUEUE, reversalName, workflowIdOf } from '../domain/temporal-names.ts';
import type { Program } from '../programs/programs.ts';
import type { FollowUpStart } from '../workflows/messages.ts';
import { runsOf } from './runs.ts';
import { followUpStartOptions, startWithOptions } from './start-options.ts';

/**
 * Starts a follow-up of a sale that has ended. Returns false if it runs already, or has run: a repetition changes nothing. A
 * case may follow another one under the same name, because it moves no points without an operator.
 * @throws RedemptionError `ended-by-force`
 */
export async function startFollowUp(
  temporal: Client,
  program: Program,
  type: 'reversal' | 'case',
  start: FollowUpStart,
): Promise<boolean> {
  try {
    await startWithOptions(
      temporal,
      followUpStartOptions(temporal, program, type, start),
      (entry) =>
        temporal.workflow.start(type, {
          workflowId: workflowIdOf(type, type === 'reversal' ? reversalName(start) : start.ended),
          taskQueue: TASK_QUEUE,
          args: [start],
          workflowIdReusePolicy:
            type === 'case' && start.isAgain ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
          ...entry,
        }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // A repeated event had started it before, or somebody without the keys did, which must not pass for it.
    await runsOf(temporal, start.ended);
    return false;
  }
}
