/**
 * Makes member locks out of workflow ids. Temporal runs one workflow id once, so it refuses a second start until the run is
 * terminated or has timed out. The run's first task is delayed until the lock has run out, so that nothing is scheduled for it
 * before. Nobody serves its type, and nobody polls its queue. A lock costs two events, and no work of a worker.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { performance } from 'node:perf_hooks';
import type { MemberLocks } from '../activities/dependencies.ts';
import { UNSERVED_TASK_QUEUE } from '../domain/temporal-names.ts';

const LEFT_AFTER_DELAY_MS = 1_000;

export function createMemberLocks({ workflow }: Client): MemberLocks {
  return {
    async take(name, milliseconds) {
      // The count starts before the request, so that it runs out before the server's.
      const until = performance.now() + milliseconds;
      try {
        const handle = await workflow.start('memberTurn', {
          workflowId: name,
          taskQueue: UNSERVED_TASK_QUEUE,
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          startDelay: milliseconds,
          // The server counts this from the end of the delay.
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
              // The lock runs out by itself, and this error must not hide the deduction's outcome.
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
