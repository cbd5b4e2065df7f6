import { ApplicationFailure } from '@temporalio/common';
import type {
  CancellationAnswer,
  FulfilmentAnswer,
  FulfilmentOrder,
} from '../fulfilment/fulfilment.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';

type Settled = Exclude<FulfilmentAnswer, { kind: 'pending' }>;

export function fulfilmentActivities(dependencies: Dependencies) {
  const fulfilmentOf = (program: string) => {
    const { fulfilment } = servicesOf(dependencies, program);
    if (fulfilment === undefined)
      throw ApplicationFailure.retryable(`program ${program} no longer names a fulfilment service`);
    return fulfilment;
  };
  return {
    /** Gives what the points bought. It is idempotent, so it is retried until there is a definite answer. */
    async fulfil(order: FulfilmentOrder): Promise<Settled> {
      const answer = await fulfilmentOf(order.program).fulfil(order);
      if (answer.kind === 'pending')
        throw ApplicationFailure.retryable('the fulfilment service is still working', 'pending');
      return answer;
    },

    /** Cancels the fulfilment. It is idempotent, and safe if nothing was given. */
    async cancelFulfilment(sale: {
      program: string;
      redemptionId: string;
    }): Promise<CancellationAnswer> {
      return fulfilmentOf(sale.program).cancelFulfilment(sale.program, sale.redemptionId);
    },
  };
}
