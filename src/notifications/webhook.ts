/** Notifications of redemptions for the POS, signed as Standard Webhooks demand, https://www.standardwebhooks.com. */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { Webhook } from 'standardwebhooks';
import { requestJson } from '../http/request.ts';
import type { Program } from '../programs/programs.ts';
import { TASK_QUEUE } from '../client/start-redemption.ts';
import { summaryOf } from '../workflows/details.ts';
import type { Notification } from '../workflows/notifications.ts';

/** `undefined` where the program names nobody to tell. */
export function createNotifier({
  notifyUrl,
  notifySecret,
}: Program): ((notification: Notification) => Promise<void>) | undefined {
  if (notifyUrl === undefined || notifySecret === undefined) return undefined;
  const { origin, pathname, search } = new URL(notifyUrl);
  const webhook = new Webhook(notifySecret);

  return async ({ id, timestamp, redemption }) => {
    const type = `redemption.${redemption.status}`;
    const body = JSON.stringify({ type, timestamp, data: redemption });
    const sentAt = new Date();
    const { status } = await requestJson({
      method: 'POST',
      baseUrl: origin,
      path: pathname + search,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': webhook.sign(id, sentAt, body),
      },
      body,
    });
    if (status < 200 || status >= 300) throw new Error(`the receiver answered HTTP ${status}`);
  };
}

/** Starts the run that delivers the sale's notifications, or hands this one to the run that is under way. */
export async function passOn(temporal: Client, notification: Notification): Promise<void> {
  const { program, redemptionId } = notification.redemption;
  const workflowId = `news:${program}:${redemptionId}`;
  try {
    await temporal.workflow.start('news', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [notification],
      staticSummary: `notification for the POS: ${summaryOf(notification.redemption)}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // Should it end in this moment, the signal fails and the activity is tried again.
    await temporal.workflow.getHandle(workflowId).signal('tell', notification);
  }
}
