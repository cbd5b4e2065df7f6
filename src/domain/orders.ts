/** What the saga orders from its activities, and what they answer. Histories hold these shapes: they only ever grow. */
import type { NoOffer, Offer, Refusal } from './quote.ts';
import type { SaleId } from './sale-id.ts';

/** What the program agrees to for this sale; the saga keeps to it whatever becomes of the programs file meanwhile. */
export interface Terms extends Offer {
  readonly paymentDeadlineMs: number;
  readonly paymentAttempts: 'one' | 'many';
  /** How long an unknown deduction is looked for, and when again after it was not found. */
  readonly settlingMs: number;
  readonly lateWatchMs: readonly number[];
  /** Whether there is a payment system to ask at the payment deadline. */
  readonly asksPayment: boolean;
  /** Whether there is a fulfilment service to call. */
  readonly fulfils: boolean;
  /** Whether the POS is told what becomes of the sale; absent in what was agreed before that could be. */
  readonly notifies?: boolean | undefined;
}

export type BalanceCheck =
  | { readonly kind: 'sufficient'; readonly terms: Terms }
  | ({ readonly kind: 'declined'; readonly terms?: Terms } & Omit<NoOffer, 'offer'>);

/** One spend of points, as a provider is asked for it. */
export interface Deduction {
  readonly redemptionId: string;
  /** As the till spelled it; what the provider is called with. */
  readonly member: string;
  /** The provider's own canonical id of the member. */
  readonly memberId: string;
  readonly points: number;
  readonly discountMinor: number;
  readonly store: string;
  readonly till: string;
  readonly cashier?: string | undefined;
  /** When the deduction was first attempted or about to be, ISO 8601: look-ups start a little before it. */
  readonly since: string;
}

export interface DeductionOrder extends Deduction, SaleId {
  /** Milliseconds since the epoch. */
  readonly deductBy: number;
  /** What the provider is given to answer; with less than this left before `deductBy`, nothing is sent. */
  readonly answerMs: number;
  /** How long an unknown outcome is looked into. */
  readonly settlingMs: number;
  /** When to look again after it was not found. */
  readonly lateWatchMs: readonly number[];
}

/** Why an order is too late, in words. */
export const NO_TIME_LEFT = 'there was no time left for the provider to answer';

export type DeductionOutcome =
  | {
      readonly kind: 'deducted';
      readonly reference: string;
      readonly balance?: number;
    }
  | { readonly kind: 'too-late'; readonly message: string }
  | FailedDeduction;

/** What became of the one request that takes the points, when it did not simply succeed. */
export type FailedDeduction =
  | { readonly kind: 'declined'; readonly reason: Refusal; readonly message: string }
  /** Certainly not carried out: it may be sent again. */
  | { readonly kind: 'not-sent'; readonly message: string; readonly retryAfterMs?: number }
  /** It may or may not have been carried out: it is never sent again. */
  | { readonly kind: 'unknown'; readonly message: string; readonly reference?: string }
  /** Accepted, and not seen to move points: it still may. */
  | { readonly kind: 'not-applied'; readonly message: string; readonly reference?: string };

/** What a look-up found. `applied` is false while the provider has accepted the movement but not moved the points yet. */
export type Finding =
  | { readonly kind: 'found'; readonly reference: string; readonly applied: boolean }
  | { readonly kind: 'not-found' }
  /** Several movements fit and cannot be told apart, or more than one was found where one was meant: a person decides. */
  | { readonly kind: 'ambiguous'; readonly references: readonly string[] };

/** A deduction that was found has a balance where the provider does not refuse an overspend itself. */
export type FoundDeduction =
  | Exclude<Finding, { kind: 'found' }>
  | (Extract<Finding, { kind: 'found' }> & { readonly balance?: number });

export interface RestorationOrder extends Deduction, SaleId {
  /** The deduction's, from the provider. */
  readonly reference: string;
  /** An operator asked again: something may have arrived before this activity's first attempt. */
  readonly isRepeated: boolean;
}

export type Restoration =
  | { readonly kind: 'restored'; readonly reference: string }
  | {
      readonly kind: 'stuck';
      readonly reason: 'restoration-refused' | 'restoration-doubled' | 'restoration-not-applied';
      readonly message: string;
    };
