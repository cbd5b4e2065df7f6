import type { Money } from '../schemas/redemption.ts';

/** What the payment system says of a sale's payment (`docs/providers/payment-and-fulfilment.md`, Payment status). */
export interface PaymentState {
  readonly status: 'captured' | 'voided' | 'pending' | 'none';
  readonly paymentId?: string | undefined;
  /** What was paid, where it says so. */
  readonly amount?: Money | undefined;
}

/** The question asked at the payment deadline. A program without one has no `PaymentSystem`. */
export interface PaymentSystem {
  /** Rejects with an Error when there is no answer; that is never taken for "not paid". */
  askPayment(program: string, redemptionId: string): Promise<PaymentState>;
}
