import { ApplicationFailure } from '@temporalio/common';
import type {
  Deduction,
  DeductionOrder,
  FoundDeduction,
  UnreadableDeduction,
} from '../domain/orders.ts';
import type { LookUpMemory, LoyaltyProvider, ProviderError } from '../loyalty/provider.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';
import { isUnansweredForLong } from './failing-looks.ts';
import { retryable } from './failures.ts';
import { heartbeating } from './heartbeat.ts';

export function findingActivities(dependencies: Dependencies) {
  const { programs, redemptionsWith, clock } = dependencies;
  return {
    /** Looks for a deduction whose answer was lost. Reads only. Temporal may retry it, until a person has to look. */
    async findDeduction(order: DeductionOrder): Promise<FoundDeduction | UnreadableDeduction> {
      const { provider } = servicesOf({ programs }, order.program);
      return heartbeating(async (_signal, memory) => {
        try {
          return await lookAt(provider, order, memory);
        } catch (error) {
          if (!isUnansweredForLong(error, order.settlingMs, clock)) return retryable(error);
          return { kind: 'unreadable', message: (error as ProviderError).message };
        }
      });
    },

    /**
     * Confirms that a reference which an operator adopts belongs to this redemption and to no other. The deduction's own check
     * of the balance was lost, so the balance is read again, if the provider does not refuse an overspend itself.
     * @throws ApplicationFailure `act-refused`, not retryable, in a sentence
     */
    async confirmReference(
      order: DeductionOrder,
      reference: string,
    ): Promise<{ readonly balance?: number }> {
      const refuse = (message: string) => {
        throw ApplicationFailure.nonRetryable(message, 'act-refused');
      };
      const others = await redemptionsWith(order, reference);
      // A second deduction of one sale has a number behind its id.
      const own = order.redemptionId.split('~')[0];
      const other = others.find((redemptionId) => redemptionId !== own);
      if (other !== undefined) refuse(`reference ${reference} belongs to the redemption ${other}`);
      if (order.earlierReferences?.includes(reference))
        refuse(`reference ${reference} is an earlier deduction of this redemption`);
      const { provider } = servicesOf({ programs }, order.program);
      const owner = await provider.ownerOf(order, reference).catch(retryable);
      if (owner === 'unknown')
        refuse(`reference ${reference} is no deduction that the provider knows of this member`);
      if (owner === 'not-applied')
        refuse(`reference ${reference} has not moved exactly its points`);
      if (owner === 'other')
        refuse(`reference ${reference} belongs to another redemption or has other points`);
      if (owner === 'restored')
        refuse(`the points of reference ${reference} were given back before`);
      if (provider.capabilities.refusesOverspending) return {};
      const { points } = await provider.checkBalance(order.memberId).catch(retryable);
      return { balance: points };
    },
  };
}

async function lookAt(
  provider: LoyaltyProvider,
  order: Deduction,
  memory: LookUpMemory,
): Promise<FoundDeduction> {
  const finding = await provider.findDeduction(order, memory);
  if (finding.kind !== 'found' || !finding.applied || provider.capabilities.refusesOverspending)
    return finding;
  // The deduction's own check of the balance was lost with its answer, so an overspend would only be seen here.
  const { points } = await provider.checkBalance(order.memberId);
  return { ...finding, balance: points };
}
