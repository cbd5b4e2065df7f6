/** The closed lists of `design.md`, for whoever checks what was asked for or says what there is. */
import type { Reason, Status } from './redemption-state.ts';

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
] as const satisfies readonly Status[];

export const reasons = [
  'insufficient-points',
  'member-unknown',
  'member-inactive',
  'limit',
  'voided',
  'cancelled',
  'too-late',
  'provider-failed',
  'rejected',
  'payment-voided',
  'payment-timed-out',
  'fulfilment-failed',
  'overspent',
  'late-deduction',
  'operator',
  'deduction-unknown',
  'deduction-not-applied',
  'payment-unknown',
  'cancellation-refused',
  'restoration-refused',
  'restoration-doubled',
  'restoration-not-applied',
  'discount-not-applied',
  'late-capture',
] as const satisfies readonly Reason[];
