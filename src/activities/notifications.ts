import type { News } from '../workflows/notifications.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';

export function newsActivities(dependencies: Dependencies) {
  return {
    /** Hands a message to the run that delivers the sale's news. Safe to repeat: a message is known by its id. */
    async passOn(news: News): Promise<void> {
      await dependencies.passOn(news);
    },

    /** One delivery; everything but a clear yes of the receiver is thrown, and tried again. */
    async deliverNews(news: News): Promise<void> {
      const { notify } = servicesOf(dependencies, news.redemption.program);
      // The program has stopped asking for news since.
      await notify?.(news);
    },
  };
}
