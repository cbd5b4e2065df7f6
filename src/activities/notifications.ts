import type { Notification } from '../domain/notification.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';

export function notificationActivities(dependencies: Dependencies) {
  return {
    /** Hands a message to the run that delivers the sale's notifications. Safe to repeat: a message is known by its id. */
    async passOn(notification: Notification): Promise<void> {
      await dependencies.passOn(notification);
    },

    /** One delivery; everything but a clear yes of the receiver is thrown, and tried again. */
    async deliverNews(notification: Notification): Promise<void> {
      const { notify } = servicesOf(dependencies, notification.redemption.program);
      // The program has stopped asking for notifications since.
      await notify?.(notification);
    },
  };
}
