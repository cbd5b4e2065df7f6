/** The bodies of the gateway, generated from its OpenAPI by `npm run client-types`. Do not edit. */

export type Body =
  | Problem
  | NewQuote
  | Money
  | Quote
  | NewRedemption
  | Redemption
  | Status
  | Reason
  | RedemptionProblem
  | RedemptionStory
  | PaymentReport
  | RecordedPayment;
export type Status =
  | 'checking-balance'
  | 'deducting'
  | 'resolving-deduction'
  | 'awaiting-payment'
  | 'fulfilling'
  | 'completed'
  | 'declined'
  | 'compensating'
  | 'compensated'
  | 'needs-attention';
export type Reason =
  | 'insufficient-points'
  | 'member-unknown'
  | 'member-inactive'
  | 'limit'
  | 'voided'
  | 'cancelled'
  | 'too-late'
  | 'provider-failed'
  | 'rejected'
  | 'payment-voided'
  | 'payment-timed-out'
  | 'fulfilment-failed'
  | 'overspent'
  | 'late-deduction'
  | 'operator'
  | 'deduction-unknown'
  | 'deduction-not-applied'
  | 'payment-unknown'
  | 'cancellation-refused'
  | 'restoration-refused'
  | 'restoration-doubled'
  | 'restoration-not-applied'
  | 'discount-not-applied'
  | 'late-capture';

/**
 * RFC 9457.
 */
export interface Problem {
  /**
   * Stable: `urn:points-redemption:problem:` and the kind.
   */
  type: string;
  title: string;
  status: number;
  /**
   * What to do about it.
   */
  remedy: string;
  /**
   * What is wrong this time.
   */
  detail?: string;
  /**
   * The field, parameter or header.
   */
  field?: string;
}
/**
 * Exactly one of `points` and `amount`.
 */
export interface NewQuote {
  /**
   * The loyalty program.
   */
  program: string;
  /**
   * The member as the provider knows them: only ever in a body, never in a URL.
   */
  member: string;
  /**
   * How many points; or `amount`.
   */
  points?: number;
  amount?: Money;
  basket?: Money;
}
/**
 * A decimal string beside its ISO 4217 currency.
 */
export interface Money {
  amount: string;
  currency: string;
}
export interface Quote {
  program: string;
  /**
   * Whether it could be redeemed now; else `reason` and `message`.
   */
  redeemable: boolean;
  reason?: 'insufficient-points' | 'member-unknown' | 'member-inactive' | 'rejected' | 'limit';
  message?: string;
  /**
   * The points that the member has; absent where they are not what speaks against.
   */
  balance?: number;
  points?: number;
  discount?: Money;
}
/**
 * Exactly one of `points` and `amount`.
 */
export interface NewRedemption {
  /**
   * The loyalty program.
   */
  program: string;
  /**
   * The member as the provider knows them: only ever in a body, never in a URL.
   */
  member: string;
  /**
   * How many points; or `amount`.
   */
  points?: number;
  amount?: Money;
  /**
   * Made by the POS, one for each sale, and never reused.
   */
  redemptionId: string;
  basket: Money;
  store: string;
  till: string;
  cashier?: string;
  /**
   * When the sale was made. Default: now.
   */
  saleTime?: string;
  /**
   * How long the points wait for the payment before they go back, such as `15m`: 1s to 30d. Default: the program’s.
   */
  paymentDeadline?: string;
}
export interface Redemption {
  program: string;
  redemptionId: string;
  status: Status;
  reason?: Reason;
  /**
   * Whether the till may give the discount now.
   */
  granted: boolean;
  points: number;
  discount: Money;
  /**
   * The deduction at the provider.
   */
  providerReference?: string;
  /**
   * The reason in words.
   */
  message?: string;
}
/**
 * RFC 9457.
 */
export interface RedemptionProblem {
  /**
   * Stable: `urn:points-redemption:problem:` and the kind.
   */
  type: string;
  title: string;
  status: number;
  /**
   * What to do about it.
   */
  remedy: string;
  /**
   * What is wrong this time.
   */
  detail?: string;
  /**
   * The field, parameter or header.
   */
  field?: string;
  redemption?: Redemption;
}
export interface RedemptionStory {
  program: string;
  redemptionId: string;
  status: Status;
  reason?: Reason;
  /**
   * Whether the till may give the discount now.
   */
  granted: boolean;
  points: number;
  discount: Money;
  /**
   * The deduction at the provider.
   */
  providerReference?: string;
  /**
   * The reason in words.
   */
  message?: string;
  store: string;
  /**
   * What happened, in words, oldest first.
   */
  timeline: {
    at: string;
    what: string;
  }[];
  /**
   * What an operator may do; told to keys with the scope `operate`.
   */
  acts?: ('retry' | 'adopt' | 'not-deducted' | 'restored' | 'deduct-again' | 'accept')[];
}
/**
 * Nothing in it is required.
 */
export interface PaymentReport {
  /**
   * By it a repetition is recognised. Default: a new one.
   */
  eventId?: string;
  /**
   * The payment; without one the whole sale is meant.
   */
  paymentId?: string;
  occurredAt?: string;
  amount?: Money;
  /**
   * Why; nothing personal.
   */
  reason?: string;
}
export interface RecordedPayment {
  program: string;
  redemptionId: string;
  eventId: string;
}
