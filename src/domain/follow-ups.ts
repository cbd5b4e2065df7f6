/** How a follow-up of an ended sale appears in Temporal from its start. Plain code without Temporal. */
import type { RedemptionView } from './redemption-view.ts';
import type { Reason, Status } from './statuses.ts';
import { summaryOf } from './summary.ts';

type FollowUp = 'watch' | 'case' | 'reversal';

const CALLED: Readonly<Record<FollowUp, string>> = {
  watch: 'watch for a late deduction',
  case: 'late capture',
  reversal: 'reversal',
};

export function followUpSummary(type: FollowUp, ended: RedemptionView): string {
  return `${CALLED[type]}: ${summaryOf(ended)}`;
}

/** Returns the status after the first step, so that this step need not change what search shows. */
export function openingOf(
  type: FollowUp,
  { status, reason }: RedemptionView,
): { readonly status: Status; readonly reason?: Reason | undefined } {
  if (type === 'case') return { status: 'needs-attention', reason: 'late-capture' };
  if (type === 'reversal') return { status: 'compensating', reason: 'payment-voided' };
  return { status, reason };
}
