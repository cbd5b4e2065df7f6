import type { FulfilmentOrder } from '../fulfilment/fulfilment.ts';
import { fulfil } from './activities.ts';
import type { Story } from './progress.ts';
import { why } from './step-result.ts';

/** Whether what the points bought was given; a refusal, and no answer within the limit, is in the story. */
export async function fulfilOrder(story: Story, order: FulfilmentOrder): Promise<boolean> {
  try {
    const answer = await fulfil(order);
    if (answer.kind === 'refused') story.note(`fulfilment refused: ${answer.message}`);
    return answer.kind === 'fulfilled';
  } catch (error) {
    story.note(`fulfilment failed: ${why(error)}`);
    return false;
  }
}
