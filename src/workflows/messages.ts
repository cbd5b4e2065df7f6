/** The messages that a redemption receives, and its answers. Their names are part of the outer interface. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import type { PaymentRecord } from '../domain/payment-facts.ts';
import type { RedemptionView, TimelineEntry } from '../domain/redemption-view.ts';
import type { Money, RedemptionRequest } from '../schemas/redemption.ts';
import type { SagaVersion } from './versions.ts';

/**
 * A keyed digest of the content of a request. The client that starts the redemption makes a random key, which travels with
 * the digest. So any client can compare the content, and can tell whether its own request started the run.
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
  /** Absent in runs from before there were versions: they are version 1. */
  readonly version?: SagaVersion;
}

/**
 * What each run of a sale hands on to the next, whatever it is: the facts about the payment, and what names are used up.
 * Every field is absent in runs from before it was kept.
 */
export interface HandedOn extends PaymentRecord {
  /** A capture is compared with it. */
  readonly basket?: Money;
  /** True if the run is a case that came after another case or a reversal, so that its own reversal has a name of its own. */
  readonly isAgain?: boolean;
  /** How many deductions were tried after the first one. Each has a number of its own. */
  readonly triedAgain?: number;
  /** The ids of those that may have landed late, so that a watch looks for them. */
  readonly watched?: readonly string[];
}

/** How a redemption ended. */
export interface Outcome extends HandedOn {
  readonly kind: 'completed' | 'declined' | 'compensated';
  /** Of the request that started it; absent in what follows a sale, and in runs from before it was kept. */
  readonly fingerprint?: Fingerprint;
  readonly redemption: RedemptionView;
  /** True if the run refused to run, because no process that has the keys had started it under this id. */
  readonly isStray?: boolean;
  /** The ids of the voided payments. The empty string stands for the whole sale. */
  readonly voided: readonly string[];
  /** True if the program fulfils, so that there may be a fulfilment to cancel. */
  readonly fulfils: boolean;
  /** True if the POS receives notifications. Absent in runs from before there were any. */
  readonly notifies?: boolean | undefined;
  /** Needed by a reversal or a case. Absent if no deduction was attempted. */
  readonly order?: DeductionOrder;
}

/** The input of a reversal, a watch or a case. */
export interface FollowUpStart extends HandedOn {
  readonly ended: RedemptionView;
  readonly order: DeductionOrder;
  /** True if the program fulfils. */
  readonly fulfils: boolean;
  /**
   * What happened in the case whose name this one takes, and since, because that can no longer be read. A reversal of a case
   * keeps it for the next one.
   */
  readonly earlier?: readonly TimelineEntry[];
  /** True if the POS receives notifications. */
  readonly notifies?: boolean | undefined;
}

/** The first answer. A repetition receives the same one. */
export interface FirstAnswer {
  readonly redemption: RedemptionView;
  readonly fingerprint: Fingerprint;
}

/** Answers as soon as the points are deducted or refused. */
export const pointsDeducted = defineUpdate<FirstAnswer>('pointsDeducted');

/** Any SDK may send plain JSON here, so the shape is checked when the signal arrives. */
export const paymentCaptured = defineSignal<[event: unknown]>('paymentCaptured');
export const paymentVoided = defineSignal<[event: unknown]>('paymentVoided');

/** A client has waited in vain for the answer to its own request; encrypted. */
export interface GiveUp {
  /** Of the fingerprint of that request: a run that another request started ignores it. */
  readonly key: string;
  /** How long it has waited, in words. */
  readonly waited: string;
}
export const giveUp = defineSignal<[message: unknown]>('giveUp');

export const status = defineQuery<RedemptionView>('status');

/** Answered by a case: the ids of its deductions that are watched for. */
export const watched = defineQuery<readonly string[]>('watched');
