import type { Money } from '../schemas/redemption.ts';

/** The state of a sale's payment. docs/providers/payment-and-fulfilment.md has the contract of the service. */
export interface PaymentState {
  readonly status: 'captured' | 'voided' | 'pending' | 'none';
  readonly paymentId?: string | undefined;
  /** The captured amount, if the service names it. */
  readonly amount?: Money | undefined;
}

/** The saga asks this service at the payment deadline. A program without one has no `PaymentSystem`. */
export interface PaymentSystem {
  /** Rejects with an Error if there is no answer, which is never taken for "not paid". */
  askPayment(program: string, redemptionId: string): Promise<PaymentState>;
}
