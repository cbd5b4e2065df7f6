/** What a payment system's event says of a sale, in our words: what every vendor's events are translated to. */
import type { IncomingHttpHeaders } from 'node:http';
import type { PaymentEvent } from '../../schemas/redemption.ts';

/** The sale that an event is about. Without a program it is the source's only one. */
export interface About {
  readonly program?: string | undefined;
  readonly redemptionId: string;
  readonly event: PaymentEvent;
}

/**
 * `refunded` tells its amount, and is a void when that is all that was captured. `recorded` is about a sale and changes
 * nothing: a failed attempt, a refund of unknown extent. `ignored` is about no sale of ours.
 */
export type Meaning =
  | ({ readonly kind: 'captured' | 'voided' | 'refunded' } & About)
  | ({ readonly kind: 'recorded'; readonly why: string } & About)
  | { readonly kind: 'ignored'; readonly why: string; readonly event: PaymentEvent };

/** Nothing of a refused body is believed. `unsigned`: also signed by another secret, or too long ago. */
export type InvalidDelivery = 'unsigned' | 'malformed';

/** Reads one request of a vendor: its events' meanings once the signature was checked. `body` is exactly what was sent. */
export type Translation<Source> = (
  body: string,
  headers: IncomingHttpHeaders,
  source: Source,
) => readonly Meaning[] | InvalidDelivery;
