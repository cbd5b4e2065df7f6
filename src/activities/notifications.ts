import type { Notification } from '../domain/notification.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';

export function notificationActivities(dependencies: Dependencies) {
  return {
    /** Hands a notification to the run that delivers those of the sale. It may be repeated, because the id is recognised. */
    async passOn(notification: Notification): Promise<void> {
      await dependencies.passOn(notification);
    },

    /** Delivers one notification. @throws unless the receiver accepts it, so that it is tried again */
    async deliverNews(notification: Notification): Promise<void> {
      const { notify } = servicesOf(dependencies, notification.redemption.program);
      // Without a receiver, the program has stopped asking for notifications since.
      await notify?.(notification);
    },
  };
}
