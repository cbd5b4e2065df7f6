/** What a redemption takes in from outside, and what it answers. The names are the outer interface. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import type { Paid } from '../domain/payment-facts.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import type { SagaVersion } from './versions.ts';

/**
 * A keyed digest of the content of a request. Its key is random, made by whoever started the redemption, and travels
 * with it: so the digest can be compared by any client of the fleet, and tells who started the run.
 */
export interface Fingerprint {
  readonly key: string;
  readonly digest: string;
}

/** The input of the `redemption` workflow. `request` was validated by the client. */
export interface RedemptionStart {
  readonly request: RedemptionRequest;
  readonly fingerprint: Fingerprint;
  /** From the start of the run until the till's answer is final. */
  readonly deductByMs: number;
  /** Absent in runs from before there were versions, which is the first one. */
  readonly version?: SagaVersion;
}

/** How a redemption ended; `redemption` tells the rest. */
export interface Outcome {
  readonly kind: 'completed' | 'declined' | 'compensated';
  readonly redemption: RedemptionView;
  /** What was voided of its payments; the sale as a whole is the empty string. */
  readonly voided: readonly string[];
  /** What was captured, as far as it is known; absent in runs from before it was kept. */
  readonly captured?: readonly Paid[];
  /** Whether the program fulfils, so that there may be a fulfilment to cancel. */
  readonly fulfils: boolean;
  /** Whether the POS is told what becomes of the sale; absent in runs from before that could be. */
  readonly notifies?: boolean | undefined;
  /** What a reversal or a case needs; absent where no deduction was attempted. */
  readonly order?: DeductionOrder;
}

/** What a reversal, a watch or a case starts from. */
export interface FollowUpStart {
  readonly ended: RedemptionView;
  readonly order: DeductionOrder;
  /** Whether the program fulfils. */
  readonly fulfils: boolean;
  /** What was captured, as far as it is known: what a refund is held against. */
  readonly captured?: readonly Paid[];
  /** Whether the POS is told. */
  readonly notifies?: boolean | undefined;
}

/** The first answer: the same however often it is asked for. */
export interface FirstAnswer {
  readonly redemption: RedemptionView;
  readonly fingerprint: Fingerprint;
}

/** Answered the moment the points are deducted or refused. */
export const pointsDeducted = defineUpdate<FirstAnswer>('pointsDeducted');

/** Plain JSON from any SDK, so its shape is not to be relied on. */
export const paymentCaptured = defineSignal<[event: unknown]>('paymentCaptured');
export const paymentVoided = defineSignal<[event: unknown]>('paymentVoided');

export const status = defineQuery<RedemptionView>('status');
