/** The saga's orders to its activities, and their answers. Histories hold these shapes, so fields are only ever added. */
import type { NoOffer, Offer, Refusal } from './quote.ts';
import type { SaleId } from './sale-id.ts';

/** The terms of this sale. The saga keeps them, even if the programs file changes meanwhile. */
export interface Terms extends Offer {
  readonly paymentDeadlineMs: number;
  readonly paymentAttempts: 'one' | 'many';
  /** How long an unknown deduction is looked for, and after which pauses again if it was not found. */
  readonly settlingMs: number;
  readonly lateWatchMs: readonly number[];
  /** Absent if the provider needs none, and in terms from before they were kept. */
  readonly names?: ProviderNames | undefined;
  /** True if there is a payment system to ask at the payment deadline. */
  readonly asksPayment: boolean;
  /** True if there is a fulfilment service to call. */
  readonly fulfils: boolean;
  /** True if the POS receives notifications. Absent in terms from before there were any. */
  readonly notifies?: boolean | undefined;
}

export type BalanceCheck =
  | { readonly kind: 'sufficient'; readonly terms: Terms }
  | ({ readonly kind: 'declined'; readonly terms?: Terms } & Omit<NoOffer, 'offer'>);

/**
 * What a provider's settings contribute to a deduction, so that it is found and undone under the same names after they have
 * changed. Only the provider's own adapter reads it. It holds no secret and nothing personal.
 */
export type ProviderNames = Readonly<Record<string, string | boolean>>;

/** One spend of points, as an adapter receives it. */
export interface Deduction {
  readonly redemptionId: string;
  /** As the till spelled it. By now it may be another member's. */
  readonly member: string;
  /** The provider's own canonical id of the member whose balance was read. */
  readonly memberId: string;
  readonly points: number;
  readonly discountMinor: number;
  readonly store: string;
  readonly till: string;
  readonly cashier?: string | undefined;
  /** The time just before the first attempt, ISO 8601. Look-ups start a little earlier. */
  readonly since: string;
  /** Absent if the provider needs none, and in orders from before they were kept. */
  readonly names?: ProviderNames | undefined;
  /** Where `since` is that of a restoration: the same of its deduction. Absent in orders from before it was kept. */
  readonly deductedSince?: string | undefined;
}

export interface DeductionOrder extends Deduction, SaleId {
  /** Milliseconds since the epoch. */
  readonly deductBy: number;
  /** How long the provider may take to answer. With less than this left before `deductBy`, nothing is sent. */
  readonly answerMs: number;
  /** How long an unknown deduction is looked for. */
  readonly settlingMs: number;
  /** The pauses before it is looked for again, if it was not found. */
  readonly lateWatchMs: readonly number[];
  /** The provider's references of earlier deductions of the same sale. Absent if there were none. */
  readonly earlierReferences?: readonly string[];
}

/** The type of the failure of an order that was not encrypted for the run that gives it, so that no worker carries it out. */
export const UNSEALED_ORDER = 'unsealed-order';

/** The message of a deduction that was too late to send. */
export const NO_TIME_LEFT = 'there was no time left for the provider to answer';

export type DeductionOutcome =
  | {
      readonly kind: 'deducted';
      readonly reference: string;
      readonly balance?: number;
    }
  | { readonly kind: 'too-late'; readonly message: string }
  | FailedDeduction;

/** The outcome of the one request that takes points, when it did not simply succeed. */
export type FailedDeduction =
  | { readonly kind: 'declined'; readonly reason: Refusal; readonly message: string }
  /** It was certainly not carried out, so it may be sent again. */
  | { readonly kind: 'not-sent'; readonly message: string; readonly retryAfterMs?: number }
  /** It may or may not have been carried out, so it is never sent again. */
  | { readonly kind: 'unknown'; readonly message: string; readonly reference?: string }
  /** The provider accepted it, and no points were seen to move. They still may. */
  | { readonly kind: 'not-applied'; readonly message: string; readonly reference?: string };

/** The result of a look-up. `applied` is false while the provider has accepted the movement and not moved the points yet. */
export type Finding =
  | {
      readonly kind: 'found';
      readonly reference: string;
      readonly applied: boolean;
      /** In words, what it moved instead of its points. Absent if it moved them, or nothing. */
      readonly detail?: string | undefined;
    }
  | { readonly kind: 'not-found' }
  /** Several movements fit, or more than one was found where one was meant. A person decides. */
  | { readonly kind: 'ambiguous'; readonly references: readonly string[] };

/** A found deduction has a balance if the provider does not refuse an overspend itself. */
export type FoundDeduction =
  | Exclude<Finding, { kind: 'found' }>
  | (Extract<Finding, { kind: 'found' }> & { readonly balance?: number });

/** No look-up could show what became of the deduction, so a person decides. `message` is the latest cause. */
export interface UnreadableDeduction {
  readonly kind: 'unreadable';
  readonly message?: string | undefined;
}

export interface RestorationOrder extends Deduction, SaleId {
  /** The provider's reference of the deduction. */
  readonly reference: string;
  /** True if an earlier request may have arrived before this activity's first attempt, as after an operator's retry. */
  readonly isRepeated: boolean;
  /** The deduction's. */
  readonly settlingMs: number;
}

export type Restoration =
  | { readonly kind: 'restored'; readonly reference: string }
  | {
      readonly kind: 'stuck';
      readonly reason:
        | 'restoration-refused'
        | 'restoration-unknown'
        | 'restoration-doubled'
        | 'restoration-not-applied';
      readonly message: string;
    };
