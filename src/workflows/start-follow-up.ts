/** Starts the workflows that follow the end of a sale. They outlive the workflow that starts them. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild, workflowInfo, type ChildWorkflowOptions } from '@temporalio/workflow';
import { followUpSummary, openingOf } from '../domain/follow-ups.ts';
import type { FollowUpStart } from './messages.ts';
import { searchAttributes } from './search-attributes.ts';

/**
 * `taken`: somebody who reaches Temporal, and has no key, holds its id. Whoever starts it has to do its work, or say that nobody
 * does.
 */
type FollowUp = 'started' | 'taken';

/** Watches for a deduction that was not found, because it may land late. */
export function startWatch(start: FollowUpStart): Promise<FollowUp> {
  return startOnce('watch', start.order.redemptionId, start);
}

/** Opens a case, because the customer paid after the points had gone back. */
export function startCase(start: FollowUpStart): Promise<FollowUp> {
  return startOnce('case', start.ended.redemptionId, start);
}

async function startOnce(
  type: 'watch' | 'case',
  redemptionId: string,
  start: FollowUpStart,
): Promise<FollowUp> {
  try {
    await startChild(type, {
      workflowId: `${type}:${start.ended.program}:${redemptionId}`,
      args: [start],
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy:
        type === 'case' && start.isAgain ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
      staticSummary: followUpSummary(type, start.ended),
      ...inherited(type, start),
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // A run that was reset had started it before.
    const { runId, firstExecutionRunId } = workflowInfo();
    return runId === firstExecutionRunId ? 'taken' : 'started';
  }
}

/** Copies the sale's search attributes. If the sale has none, the server may not know them, so the child gets none. */
function inherited(
  type: 'watch' | 'case',
  start: FollowUpStart,
): Pick<ChildWorkflowOptions, 'typedSearchAttributes'> {
  const { typedSearchAttributes: own } = workflowInfo();
  if (own.get(searchAttributes.member) === undefined) return {};
  const { status, reason } = openingOf(type, start);
  return {
    typedSearchAttributes: own.updateCopy([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.reason, value: reason ?? null },
      { key: searchAttributes.deadline, value: null },
    ]),
  };
}
