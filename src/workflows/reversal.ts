import { CancellationScope, allHandlersFinished, condition } from '@temporalio/workflow';
import type { Aftermath } from './start-follow-up.ts';
import { Compensations } from './compensations.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import type { Outcome } from './redemption.ts';
import { Story } from './progress.ts';

/** The void of a completed sale: cancels its fulfilment and gives its points back. */
export async function reversal(start: Aftermath): Promise<Outcome> {
  const story = new Story(start.ended, start.notifies);
  story.knows({ payment: 'voided' });
  story.receiveMessages();
  return CancellationScope.nonCancellable(() => run(start, story));
}

async function run({ ended, order, fulfils, notifies }: Aftermath, story: Story): Promise<Outcome> {
  const { program, redemptionId, providerReference } = ended;
  const compensations = new Compensations();
  compensations.add(restoration(story, order, () => providerReference));
  if (fulfils) compensations.add(cancellation(story, { program, redemptionId }));
  const kind = await giveBack(story, compensations, 'payment-voided');
  story.move(kind, kind === 'compensated' ? { reason: 'payment-voided' } : {});
  await story.told;
  await condition(allHandlersFinished);
  return { kind, redemption: story.view(), voided: [''], order, fulfils, notifies };
}
