import type { Money } from '../schemas/redemption.ts';

export interface FulfilmentOrder {
  readonly program: string;
  readonly redemptionId: string;
  readonly points: number;
  readonly discount: Money;
  readonly store: string;
  readonly till: string;
}

export type FulfilmentAnswer =
  | { readonly kind: 'fulfilled'; readonly reference: string }
  /** The service is still working: ask again with the same order. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'refused'; readonly message: string };

export type CancellationAnswer =
  | { readonly kind: 'cancelled' }
  /** It cannot be taken back any more. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Gives what the points bought, and takes it back. docs/providers/payment-and-fulfilment.md has the contract of the service.
 * Both calls are idempotent for each redemption. They reject with an Error if the outcome is unknown, and the same call is
 * then repeated. A program whose POS applies the discount itself has no `Fulfilment`.
 */
export interface Fulfilment {
  fulfil(order: FulfilmentOrder): Promise<FulfilmentAnswer>;
  cancelFulfilment(program: string, redemptionId: string): Promise<CancellationAnswer>;
}
