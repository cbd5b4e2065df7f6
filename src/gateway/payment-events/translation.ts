/** The meaning of a payment event in our words. Every vendor's events are translated to it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { PaymentEvent } from '../../schemas/redemption.ts';

/** The sale that an event is about. Without a program, it is in the source's only program. */
export interface About {
  readonly program?: string | undefined;
  readonly redemptionId: string;
  readonly event: PaymentEvent;
}

/**
 * `refunded` has an amount, and counts as a void if it is all that was captured. `recorded` is about a sale and changes
 * nothing, such as a failed attempt or a refund of unknown extent. `ignored` is about no sale of ours.
 */
export type Meaning =
  | ({ readonly kind: 'captured' | 'voided' | 'refunded' } & About)
  | ({ readonly kind: 'recorded'; readonly why: string } & About)
  | { readonly kind: 'ignored'; readonly why: string; readonly event: PaymentEvent };

/** Nothing in such a body is believed. `unsigned` includes a signature by another secret, and one that is too old. */
export type InvalidDelivery = 'unsigned' | 'malformed';

/** Checks the signature of a vendor's request, and translates its events. `body` is exactly what was sent. */
export type Translation<Source> = (
  body: string,
  headers: IncomingHttpHeaders,
  source: Source,
) => readonly Meaning[] | InvalidDelivery;
