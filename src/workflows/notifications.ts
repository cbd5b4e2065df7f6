/** Notifies the POS of every change to a sale that it could not know from an answer. */
import {
  allHandlersFinished,
  condition,
  defineSignal,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { Notification } from '../domain/notification.ts';
import { isOurs, received } from '../domain/provenance.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { deliverNews, passOn } from './activities.ts';
import { bound } from './bound.ts';
import { failureReason } from './step-result.ts';

/** How the deliveries of one sale's notifications ended. */
export interface Delivered {
  readonly delivered: number;
  /** The receiver did not accept these within three days. */
  readonly undelivered: readonly { readonly id: string; readonly why: string }[];
}

const tell = defineSignal<[notification: unknown]>('tell');

/** Hands on the notifications of one run, one after the other, while the run goes on. */
export class Notifier {
  #handedOn: Promise<void> = Promise.resolve();

  tell({ timeline: _timeline, acts: _acts, field: _field, ...redemption }: RedemptionView): void {
    const notification: Notification = {
      id: uuid4(),
      timestamp: new Date().toISOString(),
      redemption,
    };
    this.#handedOn = this.#handedOn.then(() => passOn(notification));
  }

  /** Resolves when everything was handed on. From then on it is delivered even if the run ends. */
  flush(): Promise<void> {
    return this.#handedOn;
  }
}

/** Delivers the notifications of one sale in order, including those of its reversal, watch and case, then ends. */
export const news = bound(
  ({ redemption }: Notification) => workflowIdOf('news', redemption),
  deliver,
);

async function deliver(first: Notification): Promise<Delivered> {
  const waiting = [first];
  const seen = new Set([first.id]);
  setHandler(
    tell,
    (input) => {
      const message = received(input);
      // Whoever reaches Temporal can send one in the clear, and it would be signed and delivered as ours.
      if (!isOurs(message)) return;
      const next = message.content as Notification;
      // `passOn` may be retried after it has sent the signal.
      if (!seen.has(next.id)) waiting.push(next);
      seen.add(next.id);
    },
    { description: 'Adds a notification for the POS. The runs of the sale send this signal.' },
  );
  const undelivered: Delivered['undelivered'][number][] = [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    try {
      await deliverNews(next);
    } catch (error) {
      undelivered.push({ id: next.id, why: failureReason(error) });
    }
  }
  await condition(allHandlersFinished);
  return { delivered: seen.size - undelivered.length, undelivered };
}
