import type { RedemptionView } from '../domain/redemption-view.ts';
import { fromMinor } from '../money/money.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';

/** Makes the answer for a till whose request gave its sale up, because no answer came in time. */
export function timedOutView(
  waited: string,
  { program, redemptionId, points, amount, basket, store }: RedemptionRequest,
): RedemptionView {
  return {
    program,
    redemptionId,
    store,
    status: 'checking-balance',
    reason: 'too-late',
    granted: false,
    points: points ?? 0,
    discount: amount ?? fromMinor(0, basket.currency),
    message: `there was no answer within ${waited}, so this request gave the sale up; check that a worker is running (npm run worker)`,
    timeline: [],
  };
}
