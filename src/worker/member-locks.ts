/**
 * A lease out of a workflow id: Temporal runs one workflow id once, so a second start is refused until the run is terminated
 * or has timed out. Its first task is delayed until the lease has run out, so that nothing is scheduled for it meanwhile, and
 * then it is a task of a type nobody serves, on a queue nobody polls. Two events, no worker's work.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { performance } from 'node:perf_hooks';
import type { MemberLocks } from '../activities/dependencies.ts';
import { UNSERVED_TASK_QUEUE } from '../domain/temporal-names.ts';

const LEFT_AFTER_DELAY_MS = 1_000;

export function createMemberLocks({ workflow }: Client): MemberLocks {
  return {
    async take(name, milliseconds) {
      // From before the request: the server's count begins later, so ours runs out first.
      const until = performance.now() + milliseconds;
      try {
        const handle = await workflow.start('memberTurn', {
          workflowId: name,
          taskQueue: UNSERVED_TASK_QUEUE,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          startDelay: milliseconds,
          // Counted from the end of the delay.
          workflowRunTimeout: LEFT_AFTER_DELAY_MS,
          staticSummary: 'The lock of one member; it ends by itself.',
        });
        return {
          get leftMs() {
            return until - performance.now();
          },
          async release() {
            try {
              await workflow
                .getHandle(name, handle.firstExecutionRunId)
                .terminate('the lock is over');
            } catch {
              // Whatever it was, the lock runs out by itself, and the deduction's outcome must not be lost over it.
            }
          },
        };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
        throw error;
      }
    },
  };
}
