/** The closed lists of statuses and reasons. docs/concepts/redemption.md explains each. */

export const statuses = [
  'checking-balance',
  'deducting',
  'resolving-deduction',
  'awaiting-payment',
  'fulfilling',
  'completed',
  'declined',
  'compensating',
  'compensated',
  'needs-attention',
] as const;
export type Status = (typeof statuses)[number];

/** Nothing was taken, as far as anybody knows. */
export const declineReasons = [
  'insufficient-points',
  'member-unknown',
  'member-inactive',
  'limit',
  'voided',
  'cancelled',
  'too-late',
  'provider-failed',
  'rejected',
] as const;
export type DeclineReason = (typeof declineReasons)[number];

/** Everything that was taken has gone back, or is on its way. */
export const compensationReasons = [
  'payment-voided',
  'payment-timed-out',
  'fulfilment-failed',
  'overspent',
  'cancelled',
  'too-late',
  'late-deduction',
  'operator',
] as const;
export type CompensationReason = (typeof compensationReasons)[number];

/** The sale is open and waits for an operator. */
export const attentionReasons = [
  'deduction-unknown',
  'deduction-not-applied',
  'payment-unknown',
  'cancellation-refused',
  'restoration-refused',
  'restoration-unknown',
  'restoration-doubled',
  'restoration-not-applied',
  'discount-not-applied',
  'late-capture',
  'illegal-move',
] as const;
export type AttentionReason = (typeof attentionReasons)[number];

export type Reason = DeclineReason | CompensationReason | AttentionReason;
/** Every reason once, because a sale can be declined and another one compensated for the same reason. */
export const reasons: readonly [Reason, ...Reason[]] = [
  ...declineReasons,
  ...compensationReasons.filter((reason) => !isDeclineReason(reason)),
  ...attentionReasons,
];

function isDeclineReason(reason: Reason): reason is DeclineReason {
  return (declineReasons as readonly Reason[]).includes(reason);
}

/** Returns whether the till may give the discount now. */
export function isGranted(status: Status): boolean {
  return status === 'awaiting-payment' || status === 'fulfilling' || status === 'completed';
}

/** Returns whether the till's answer is known: granted, or not granted for good. */
export function isDecided(status: Status): boolean {
  return (
    status !== 'checking-balance' && status !== 'deducting' && status !== 'resolving-deduction'
  );
}
