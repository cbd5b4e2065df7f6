import type { RedemptionView } from './redemption-view.ts';
import type { Status } from './statuses.ts';

/** One message to the POS. Its id stays the same however often it is delivered. */
export interface Notification {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly redemption: Omit<RedemptionView, 'timeline' | 'acts' | 'field'>;
}

const IN_TROUBLE: readonly Status[] = ['needs-attention', 'compensating', 'compensated'];
const RECOVERED: readonly Status[] = ['awaiting-payment', 'fulfilling', 'completed', 'declined'];

/** Returns whether the POS is notified of this move, because no answer could have told it. */
export function isNotified(from: Status, to: Status): boolean {
  return IN_TROUBLE.includes(to) || (from === 'needs-attention' && RECOVERED.includes(to));
}
