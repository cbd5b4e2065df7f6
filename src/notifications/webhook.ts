/** Sends notifications to the POS, signed as Standard Webhooks, https://www.standardwebhooks.com. */
import type { Notification } from '../domain/notification.ts';
import { requestJson } from '../http/request.ts';
import { signWebhook } from '../http/standard-webhooks.ts';

export interface NotificationSettings {
  readonly notifyUrl?: string | undefined;
  /** `whsec_` and base64, as in Standard Webhooks. */
  readonly notifySecret?: string | undefined;
}

/** Returns `undefined` if the program names no receiver. */
export function createNotifier({
  notifyUrl,
  notifySecret,
}: NotificationSettings): ((notification: Notification) => Promise<void>) | undefined {
  if (notifyUrl === undefined || notifySecret === undefined) return undefined;
  const { origin, pathname, search } = new URL(notifyUrl);

  return async ({ id, timestamp, redemption }) => {
    const type = `redemption.${redemption.status}`;
    const body = JSON.stringify({ type, timestamp, data: redemption });
    const { status } = await requestJson({
      method: 'POST',
      baseUrl: origin,
      path: pathname + search,
      headers: { ...signWebhook(notifySecret, id, new Date(), body) },
      body,
    });
    if (status < 200 || status >= 300) throw new Error(`the receiver answered HTTP ${status}`);
  };
}
