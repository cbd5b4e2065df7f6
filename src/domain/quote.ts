import type { Money } from '../schemas/redemption.ts';

/** What a till asks for: a number of points, or an amount in minor units of the program's currency. */
export type Ask = { readonly points: number } | { readonly amountMinor: number };

export interface Quote {
  readonly points: number;
  /** What the points are worth to the sale, in minor units of the program's currency. */
  readonly discountMinor: number;
  /** What one point is worth in the currency's major unit, as a decimal string. */
  readonly rate: string;
}

/** What a member can have for an ask, at this moment. */
export interface Offer extends Omit<Quote, 'rate'> {
  /** The provider's canonical id of the member. */
  readonly memberId: string;
  readonly balance: number;
  readonly discount: Money;
}

/** Why a provider refused for certain; each ends as a decline's reason of the same name. */
export const refusals = [
  'insufficient-points',
  'member-unknown',
  'member-inactive',
  'rejected',
] as const;
export type Refusal = (typeof refusals)[number];

/** Why there is no offer: the provider's refusal, or the program's own limits. */
export const noOfferReasons = [...refusals, 'limit'] as const;

export interface NoOffer {
  readonly reason: (typeof noOfferReasons)[number];
  readonly message: string;
  /** The field of the request that was wrong, where one was. */
  readonly field?: string;
  /** Absent where the provider did not get as far as a quote. */
  readonly offer?: Offer;
}
