import { ActivityFailure, TimeoutFailure, rootCause } from '@temporalio/workflow';
import { NO_TIME_LEFT, type DeductionOutcome } from '../domain/orders.ts';
import type { Explanation } from '../domain/redemption-view.ts';
import type { CompensationReason, DeclineReason } from '../domain/statuses.ts';

/** What becomes of the points, once that is known. */
export type StepResult = { readonly kind: 'spent' } | Declined | GiveBack;

export interface Declined extends Explanation {
  readonly kind: 'declined';
  readonly reason: DeclineReason;
  /** A request may have been carried out that no look-up found: it is watched for. */
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
  /** By an operator, after the till had been told no. */
  readonly isAdopted?: true;
};

/** What a deduction must know of its sale. */
export interface DeductionWindow {
  /** Why the sale is over before its time. */
  readonly stopped: 'payment-voided' | 'cancelled' | undefined;
  /** Milliseconds until the till's answer is final. */
  leftMs(): number;
  /** What the provider is given to answer. */
  readonly answerMs: number;
}

/** Why nothing is deducted (any more); `undefined` while it still may be. */
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

/** The innermost cause of a failed activity, in words; any other error is a bug and goes on. */
export function failureReason(error: unknown): string {
  if (!(error instanceof ActivityFailure)) throw error;
  if (error.cause instanceof TimeoutFailure) return 'no worker reported back in time';
  return rootCause(error) ?? error.message;
}
