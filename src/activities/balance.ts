import type { BalanceCheck, Terms } from '../domain/orders.ts';
import type { Offer } from '../domain/quote.ts';
import { makeOffer } from '../programs/offer.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { servicesOf, type Dependencies, type ProgramServices } from './dependencies.ts';
import { retryable } from './failures.ts';
import { heartbeating } from './heartbeat.ts';

export function balanceActivities(dependencies: Dependencies) {
  return {
    /** Asks for the member's balance, and fixes points and discount. It takes nothing, so it may be retried freely. */
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
  { program, provider: { names }, payment, fulfilment, notify }: ProgramServices,
): Terms {
  return {
    ...offer,
    paymentDeadlineMs: request.paymentDeadlineMs ?? program.paymentDeadline,
    paymentAttempts: program.paymentAttempts,
    settlingMs: program.settlingTime,
    lateWatchMs: program.lateWatch,
    ...(names !== undefined && { names }),
    asksPayment: payment !== undefined,
    fulfils: fulfilment !== undefined,
    ...(notify !== undefined && { notifies: true }),
  };
}
