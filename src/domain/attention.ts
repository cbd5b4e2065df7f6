import type { ActKind } from './acts.ts';
import type { AttentionReason } from './statuses.ts';

interface Attention {
  /** Tells the operator what to do. */
  readonly nextStep: string;
  /** The acts that are possible. There is no `retry` where nothing can be tried again, because a batch must decide nothing. */
  readonly acts: readonly ActKind[];
  /** Payment events that an operator may report instead. */
  readonly reports?: readonly ('capture' | 'void')[];
}

/** Every reason for which a sale can wait for a person, with the ways out. */
export const attention: Readonly<Record<AttentionReason, Attention>> = {
  'deduction-unknown': {
    nextStep:
      'Look at the provider whether the points of this redemption were deducted. If they were, resolve with adopt and the provider reference (they are given back when the sale is over); if not, resolve with not-deducted; retry looks again.',
    acts: ['retry', 'adopt', 'not-deducted'],
  },
  'deduction-not-applied': {
    nextStep:
      "The provider accepted the deduction and moved no points yet: look at the provider's rule for it and at the member's balance. retry looks again; resolve with adopt and the provider reference once the points have moved, or with not-deducted when they never will.",
    acts: ['retry', 'adopt', 'not-deducted'],
  },
  'payment-unknown': {
    nextStep:
      'The payment system does not answer. Find out what became of the payment and report it: capture or void; retry asks the payment system again.',
    acts: ['retry'],
    reports: ['capture', 'void'],
  },
  'cancellation-refused': {
    nextStep:
      'The fulfilment cannot be taken back, so the points stay deducted. Settle it with the fulfilment service and retry, or resolve with accept: the customer keeps what the points bought.',
    acts: ['retry', 'accept'],
  },
  'restoration-refused': {
    nextStep:
      'The provider refuses to give the points back. Find out why and retry, or give them back at the provider by hand and resolve with restored.',
    acts: ['retry', 'restored'],
  },
  'restoration-doubled': {
    nextStep:
      'More than one restoration was found. Take back at the provider by hand what is too much, and resolve with restored.',
    acts: ['retry', 'restored'],
  },
  'restoration-not-applied': {
    nextStep:
      "The provider accepted the restoration and moved no points yet: look at the provider's rule for it. retry looks again and sends nothing twice; resolve with restored once the points are back.",
    acts: ['retry', 'restored'],
  },
  'discount-not-applied': {
    nextStep:
      'The captured amount is the whole basket, so the discount was not given. Void the sale to give the points back, or resolve with accept if the customer had the discount after all.',
    acts: ['accept'],
    reports: ['void'],
  },
  'late-capture': {
    nextStep:
      'The payment was captured after the points had gone back. Resolve with deduct-again to take them again, or with accept to leave the discount to the shop.',
    acts: ['deduct-again', 'accept'],
  },
};
