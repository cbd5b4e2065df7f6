/** How a follow-up of an ended sale appears in Temporal from its start. Plain code without Temporal. */
import { PaymentFacts, type PaymentRecord } from './payment-facts.ts';
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
  { ended: { status, reason }, ...facts }: { readonly ended: RedemptionView } & PaymentRecord,
): { readonly status: Status; readonly reason?: Reason | undefined } {
  // A case that only remembers a void leaves the sale as it was.
  if (type === 'case' && PaymentFacts.of(facts).outcome('many') === 'captured')
    return { status: 'needs-attention', reason: 'late-capture' };
  if (type === 'reversal') return { status: 'compensating', reason: 'payment-voided' };
  return { status, reason };
}
