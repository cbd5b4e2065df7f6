import type { FulfilmentOrder } from '../fulfilment/fulfilment.ts';
import { fulfil } from './activities.ts';
import type { Progress } from './progress.ts';
import { failureReason } from './step-result.ts';

/** Returns whether the order was fulfilled. A refusal, or no answer within the limit, is noted in the timeline. */
export async function fulfilOrder(progress: Progress, order: FulfilmentOrder): Promise<boolean> {
  try {
    const answer = await fulfil(order);
    if (answer.kind === 'refused') progress.note(`fulfilment refused: ${answer.message}`);
    return answer.kind === 'fulfilled';
  } catch (error) {
    progress.note(`fulfilment failed: ${failureReason(error)}`);
    return false;
  }
}
