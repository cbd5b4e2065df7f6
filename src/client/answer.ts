/** The answer to a till, and the options of its request. */
import type { RedemptionView } from '../domain/redemption-view.ts';

/** The redemption as it stands now, and how it was first answered. */
export interface RedemptionAnswer extends RedemptionView {
  /** True if the redemption was asked for before. */
  readonly repeated: boolean;
  /** True if the first answer granted it. If `granted` is false now, the points have gone back since. */
  readonly wasGranted: boolean;
}

export interface RedeemOptions {
  /** The caller's id of the request. It is kept with the run, so that the request can be followed through the logs. */
  readonly requestId?: string;
}
