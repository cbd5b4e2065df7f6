import { ActivityFailure, TimeoutFailure, rootCause } from '@temporalio/workflow';
import { NO_TIME_LEFT, type DeductionOutcome } from '../domain/orders.ts';
import type { Explanation } from '../domain/redemption-view.ts';
import type { CompensationReason, DeclineReason } from '../domain/statuses.ts';

/** The result of a step: the points are spent, were not taken, or have to go back. */
export type StepResult = { readonly kind: 'spent' } | Declined | GiveBack;

export interface Declined extends Explanation {
  readonly kind: 'declined';
  readonly reason: DeclineReason;
  /** A request that no look-up found may still have been carried out, so a watch is started. */
  readonly mayLandLate?: true;
}

export interface GiveBack {
  readonly kind: 'give-back';
  readonly reason: CompensationReason;
}

export function giveBackBecause(reason: CompensationReason): GiveBack {
  return { kind: 'give-back', reason };
}

export type Deducted = Extract<DeductionOutcome, { kind: 'deducted' }> & {
  /** An operator adopted it, after the till was told no. */
  readonly isAdopted?: true;
};

/** How long a deduction may take, and whether its sale is over. */
export interface DeductionWindow {
  /** Why the sale is over early. */
  readonly stopped: 'payment-voided' | 'cancelled' | undefined;
  /** Milliseconds until the till's answer is final. */
  leftMs(): number;
  /** How long the provider may take to answer. */
  readonly answerMs: number;
}

/** Returns why nothing may be deducted any more, or `undefined` while a deduction is still possible. */
export function declineBeforeDeduction(window: DeductionWindow): Declined | undefined {
  const { stopped, answerMs } = window;
  if (stopped !== undefined)
    return { kind: 'declined', reason: stopped === 'cancelled' ? 'cancelled' : 'voided' };
  if (window.leftMs() >= answerMs) return undefined;
  return {
    kind: 'declined',
    reason: 'too-late',
    message: NO_TIME_LEFT,
  };
}

/** Returns the innermost cause of a failed activity, in words. @throws any other error, because it is a bug */
export function failureReason(error: unknown): string {
  if (!(error instanceof ActivityFailure)) throw error;
  if (error.cause instanceof TimeoutFailure) return 'no worker reported back in time';
  return rootCause(error) ?? error.message;
}
