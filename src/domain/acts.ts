/** An operator's acts on a sale that needs attention. */

/** Who acts (as they say) and why. Both stay in the history. */
export interface Act {
  readonly by: string;
  readonly why: string;
  /** Both of the sale that is meant; required where the act is encrypted for no run in particular, as in Temporal UI. */
  readonly program?: string | undefined;
  readonly redemptionId?: string | undefined;
  /** Made at random by the client, so that no two acts are alike: a run carries out the same one once. */
  readonly actId?: string | undefined;
}

/**
 * - `adopt`: the provider's reference that the operator gives is this sale's deduction.
 * - `not-deducted`: nothing was deducted.
 * - `restored`: the points were given back at the provider by hand.
 * - `deduct-again`: the points are taken once more.
 * - `accept`: it stays as it is.
 */
export const resolutionKinds = [
  'adopt',
  'not-deducted',
  'restored',
  'deduct-again',
  'accept',
] as const;
export type ResolutionKind = (typeof resolutionKinds)[number];

export const actKinds = ['retry', ...resolutionKinds] as const;
export type ActKind = (typeof actKinds)[number];

export interface Resolution extends Act {
  readonly resolution: ResolutionKind;
  /** The provider's reference. Given with `adopt`. */
  readonly reference?: string | undefined;
}

export type OperatorAnswer =
  | { readonly kind: 'retry' }
  | {
      readonly kind: 'adopt';
      readonly reference: string;
      /** The member's balance, if the provider does not refuse an overspend itself. */
      readonly balance?: number | undefined;
    }
  | { readonly kind: Exclude<ResolutionKind, 'adopt'> };
