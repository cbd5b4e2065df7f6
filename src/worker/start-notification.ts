import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Notification } from '../domain/notification.ts';
import { summaryOf } from '../domain/summary.ts';
import { TASK_QUEUE, workflowIdOf } from '../domain/temporal-names.ts';

/** Starts the run that delivers the sale's notifications, or passes this one to the run that is open. */
export async function startNotification(
  temporal: Client,
  notification: Notification,
): Promise<void> {
  const workflowId = workflowIdOf('news', notification.redemption);
  try {
    await temporal.workflow.start('news', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [notification],
      staticSummary: `notification for the POS: ${summaryOf(notification.redemption)}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // If the run ends at this moment, the signal fails, and Temporal retries the activity.
    await temporal.workflow.getHandle(workflowId).signal('tell', notification);
  }
}
