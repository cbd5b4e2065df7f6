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
      'Check at the provider whether the points of this redemption were deducted. If they were, resolve with adopt and the provider reference (they are given back if the sale is over). If they were not, resolve with not-deducted. retry looks again.',
    acts: ['retry', 'adopt', 'not-deducted'],
  },
  'deduction-not-applied': {
    nextStep:
      "The provider accepted the deduction but has moved no points, or others than these. Check the provider's rule for it and the member's balance. retry looks again. Once exactly these points have moved, resolve with adopt and the provider reference. If they never will, put right at the provider what has moved, then resolve with not-deducted.",
    acts: ['retry', 'adopt', 'not-deducted'],
  },
  'payment-unknown': {
    nextStep:
      'The payment system does not answer. Find out what happened to the payment and report it with capture or void. retry asks the payment system again.',
    acts: ['retry'],
    reports: ['capture', 'void'],
  },
  'cancellation-refused': {
    nextStep:
      'The fulfilment service refuses to cancel, so the points stay deducted. Settle it with the service and retry. If the customer keeps what the points bought, resolve with accept.',
    acts: ['retry', 'accept'],
  },
  'restoration-refused': {
    nextStep:
      'The provider refuses to give the points back. Find out why and retry, or give them back at the provider by hand and resolve with restored.',
    acts: ['retry', 'restored'],
  },
  'restoration-unknown': {
    nextStep:
      'A restoration was sent, and whether the points went back cannot be seen. Check at the provider. If they are not back, give them back there by hand. Then resolve with restored. retry looks again, and sends again only if it finds nothing.',
    acts: ['retry', 'restored'],
  },
  'restoration-doubled': {
    nextStep:
      'More than one restoration was found. Take the surplus points back at the provider by hand, then resolve with restored.',
    acts: ['retry', 'restored'],
  },
  'restoration-not-applied': {
    nextStep:
      "The provider accepted the restoration but has moved no points, or others than these. Check the provider's rule for it. retry looks again and sends nothing twice. Once the points are back, resolve with restored.",
    acts: ['retry', 'restored'],
  },
  'discount-not-applied': {
    nextStep:
      'The captured amount is the whole basket, so the discount was not given. Void the sale to give the points back, or resolve with accept if the customer did get the discount.',
    acts: ['accept'],
    reports: ['void'],
  },
  'late-capture': {
    nextStep:
      'The payment was captured after the points had gone back. Resolve with deduct-again to take them again, or with accept to let the shop bear the discount.',
    acts: ['deduct-again', 'accept'],
  },
  'illegal-move': {
    nextStep:
      'This software came to a step that its own rules forbid, so it stopped and moves no more points. Report it. Check at the provider whether the points are deducted, and with the store whether the sale stands. If points are due, give them back at the provider by hand and resolve with restored. If the sale stands, resolve with accept.',
    acts: ['restored', 'accept'],
  },
};
