/** What a till is told, and what it may say of its request. */
import type { RedemptionView } from '../domain/redemption-view.ts';

/** Where the redemption stands, and what a caller must know of its first answer. */
export interface RedemptionAnswer extends RedemptionView {
  /** It was asked for before. */
  readonly repeated: boolean;
  /** The first answer granted it: where `granted` is false now, the points went back since. */
  readonly wasGranted: boolean;
}

export interface RedeemOptions {
  /** The caller's name of the request; kept with the run, for whoever follows it through the logs. */
  readonly requestId?: string;
}
