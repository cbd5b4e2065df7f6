import { makeOffer, type NoOffer, type Offer } from '../programs/offer.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { servicesOf, type Dependencies, type ProgramServices } from './dependencies.ts';
import { retryable } from './failures.ts';
import { heartbeating } from './heartbeat.ts';

/** What the program agrees to for this sale; the saga keeps to it whatever becomes of the programs file meanwhile. */
export interface Terms extends Offer {
  readonly paymentDeadlineMs: number;
  readonly paymentAttempts: 'one' | 'many';
  /** How long an unknown deduction is looked for, and when again after it was not found. */
  readonly settlingMs: number;
  readonly lateWatchMs: readonly number[];
  /** Whether there is a payment system to ask at the payment deadline. */
  readonly asksPayment: boolean;
  /** Whether there is a fulfilment service to call. */
  readonly fulfils: boolean;
  /** Whether the POS is told what becomes of the sale; absent in what was agreed before that could be. */
  readonly notifies?: boolean | undefined;
}

export type BalanceCheck =
  | { readonly kind: 'sufficient'; readonly terms: Terms }
  | ({ readonly kind: 'declined'; readonly terms?: Terms } & Omit<NoOffer, 'offer'>);

export function balanceActivities(dependencies: Dependencies) {
  return {
    /** Looks at the member's balance and agrees on points and discount. Takes nothing, so it is retried freely. */
    async checkBalance(request: RedemptionRequest): Promise<BalanceCheck> {
      const services = servicesOf(dependencies, request.program);
      const made = await heartbeating(() =>
        makeOffer(services.program, services.provider, request).catch(retryable),
      );
      if (made.kind === 'offer') {
        const { kind: _, ...offer } = made;
        return { kind: 'sufficient', terms: termsFor(offer, request, services) };
      }
      const { offer, ...objection } = made;
      return {
        ...objection,
        kind: 'declined',
        ...(offer !== undefined && { terms: termsFor(offer, request, services) }),
      };
    },
  };
}

function termsFor(
  offer: Offer,
  request: RedemptionRequest,
  { program, payment, fulfilment, notify }: ProgramServices,
): Terms {
  return {
    ...offer,
    paymentDeadlineMs: request.paymentDeadlineMs ?? program.paymentDeadline,
    paymentAttempts: program.paymentAttempts,
    settlingMs: program.settlingTime,
    lateWatchMs: program.lateWatch,
    asksPayment: payment !== undefined,
    fulfils: fulfilment !== undefined,
    ...(notify !== undefined && { notifies: true }),
  };
}
