import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { TASK_QUEUE, workflowIdOf } from '../domain/temporal-names.ts';
import type { Program } from '../programs/programs.ts';
import type { FollowUpStart } from '../workflows/messages.ts';
import { runsOf } from './runs.ts';
import { followUpStartOptions, startWithOptions } from './start-options.ts';

/** Starts a follow-up of a sale that has ended. A repetition changes nothing. @throws RedemptionError `ended-by-force` */
export async function startFollowUp(
  temporal: Client,
  program: Program,
  type: 'reversal' | 'case',
  start: FollowUpStart,
): Promise<void> {
  try {
    await startWithOptions(
      temporal,
      followUpStartOptions(temporal, program, type, start),
      (entry) =>
        temporal.workflow.start(type, {
          workflowId: workflowIdOf(type, start.ended),
          taskQueue: TASK_QUEUE,
          args: [start],
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
          ...entry,
        }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // A repeated event had started it before, or somebody without the keys did, which must not pass for it.
    await runsOf(temporal, start.ended);
  }
}
