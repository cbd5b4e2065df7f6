/** The bodies of the gateway, generated from its OpenAPI by `npm run client-types`. Do not edit. */

export type Body =
  | Problem
  | NewQuote
  | Money
  | Quote
  | NewRedemption
  | RedemptionAnswer
  | Status
  | Reason
  | RedemptionProblem
  | Redemption
  | RedemptionStory
  | PaymentReport
  | RecordedPayment
  | Retry
  | RecordedAct
  | Resolve;
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
  | 'restoration-unknown'
  | 'restoration-doubled'
  | 'restoration-not-applied'
  | 'discount-not-applied'
  | 'late-capture'
  | 'illegal-move';

/**
 * RFC 9457.
 */
export interface Problem {
  /**
   * `urn:points-redemption:problem:` and the kind of problem. A kind never changes its meaning.
   */
  type: string;
  title: string;
  status: number;
  /**
   * Tells a problem from a redemption by the body alone.
   */
  outcome: 'problem';
  /**
   * What to do.
   */
  remedy: string;
  /**
   * What was wrong with this request.
   */
  detail?: string;
  /**
   * The field, parameter or header that was wrong.
   */
  field?: string;
}
/**
 * Give exactly one of `points` and `amount`.
 */
export interface NewQuote {
  /**
   * The loyalty program.
   */
  program: string;
  /**
   * An id of the member that the provider knows. Send it in a body only, never in a URL.
   */
  member: string;
  /**
   * How many points to redeem. Give either this or `amount`.
   */
  points?: number;
  amount?: Money;
  basket?: Money;
}
/**
 * A decimal string and its ISO 4217 currency.
 */
export interface Money {
  amount: string;
  currency: string;
}
export interface Quote {
  program: string;
  /**
   * Whether the points could be redeemed now. If not, `reason` and `message` say why.
   */
  redeemable: boolean;
  reason?: 'insufficient-points' | 'member-unknown' | 'member-inactive' | 'rejected' | 'limit';
  message?: string;
  /**
   * How many points the member has. Present only when `redeemable` is true, and only for keys with the scope `balance`.
   */
  balance?: number;
  points?: number;
  discount?: Money;
  /**
   * The reason in the words of the provider, or the next step. Sent only to keys with the scope `operate`.
   */
  detail?: string;
}
/**
 * Give exactly one of `points` and `amount`.
 */
export interface NewRedemption {
  /**
   * The loyalty program.
   */
  program: string;
  /**
   * An id of the member that the provider knows. Send it in a body only, never in a URL.
   */
  member: string;
  /**
   * How many points to redeem. Give either this or `amount`.
   */
  points?: number;
  amount?: Money;
  /**
   * Made by the POS: a new one for each sale, never reused.
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
   * How long to wait for the payment before the points go back: 1s to 30d, such as `15m`. Default: the setting of the program.
   */
  paymentDeadline?: string;
}
export interface RedemptionAnswer {
  /**
   * What to do: give the discount, or not. A problem has `problem` here.
   */
  outcome: 'granted' | 'not-granted';
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
   * The reference of the deduction at the provider.
   */
  providerReference?: string;
  /**
   * The reason in a sentence that a cashier can read.
   */
  message?: string;
  /**
   * The reason in the words of the provider, or the next step. Sent only to keys with the scope `operate`.
   */
  detail?: string;
}
/**
 * RFC 9457.
 */
export interface RedemptionProblem {
  /**
   * `urn:points-redemption:problem:` and the kind of problem. A kind never changes its meaning.
   */
  type: string;
  title: string;
  status: number;
  /**
   * Tells a problem from a redemption by the body alone.
   */
  outcome: 'problem';
  /**
   * What to do.
   */
  remedy: string;
  /**
   * What was wrong with this request.
   */
  detail?: string;
  /**
   * The field, parameter or header that was wrong.
   */
  field?: string;
  redemption?: Redemption;
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
   * The reference of the deduction at the provider.
   */
  providerReference?: string;
  /**
   * The reason in a sentence that a cashier can read.
   */
  message?: string;
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
   * The reference of the deduction at the provider.
   */
  providerReference?: string;
  /**
   * The reason in a sentence that a cashier can read.
   */
  message?: string;
  /**
   * The reason in the words of the provider, or the next step. Sent only to keys with the scope `operate`.
   */
  detail?: string;
  store: string;
  /**
   * What happened, in words, oldest first.
   */
  timeline: {
    at: string;
    what: string;
  }[];
  /**
   * What an operator may do now. Sent only to keys with the scope `operate`.
   */
  acts?: ('retry' | 'adopt' | 'not-deducted' | 'restored' | 'deduct-again' | 'accept')[];
}
/**
 * Every field is optional.
 */
export interface PaymentReport {
  /**
   * Identifies the event, so that a repeated report changes nothing. Default: a new id.
   */
  eventId?: string;
  /**
   * The payment. Without it, the report is about the whole sale.
   */
  paymentId?: string;
  occurredAt?: string;
  amount?: Money;
  /**
   * The reason, without personal data.
   */
  reason?: string;
}
export interface RecordedPayment {
  program: string;
  redemptionId: string;
  eventId: string;
}
export interface Retry {
  /**
   * Who does this.
   */
  by: string;
  /**
   * Why, without personal data.
   */
  why: string;
}
export interface RecordedAct {
  program: string;
  redemptionId: string;
}
export interface Resolve {
  /**
   * Who does this.
   */
  by: string;
  /**
   * Why, without personal data.
   */
  why: string;
  /**
   * One of the `acts` of the redemption.
   */
  resolution: 'adopt' | 'not-deducted' | 'restored' | 'deduct-again' | 'accept';
  /**
   * The reference of the deduction at the provider, for `adopt`.
   */
  reference?: string;
}
