import type { Money } from '../schemas/redemption.ts';

/** A till asks for a number of points, or for an amount in minor units of the program's currency. */
export type Ask = { readonly points: number } | { readonly amountMinor: number };

export interface Quote {
  readonly points: number;
  /** In minor units of the program's currency. */
  readonly discountMinor: number;
  /** The worth of one point in the currency's major unit, as a decimal string. */
  readonly rate: string;
}

/** The points and discount that a member can have at this moment. */
export interface Offer extends Omit<Quote, 'rate'> {
  /** The provider's canonical id of the member. */
  readonly memberId: string;
  readonly balance: number;
  readonly discount: Money;
}

/** The definite refusals of a provider. Each becomes the reason of the same name for a decline. */
export const refusals = [
  'insufficient-points',
  'member-unknown',
  'member-inactive',
  'rejected',
] as const;
export type Refusal = (typeof refusals)[number];

/** There is no offer because the provider refuses, or because the program's limits exclude it. */
export const noOfferReasons = [...refusals, 'limit'] as const;

export interface NoOffer {
  readonly reason: (typeof noOfferReasons)[number];
  readonly message: string;
  /** Set if a field of the request was wrong. */
  readonly field?: string;
  /** Absent if the provider did not get as far as a quote. */
  readonly offer?: Offer;
}
