import { CancellationScope } from '@temporalio/workflow';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import type { FollowUpStart, Outcome } from './messages.ts';
import { Progress } from './progress.ts';

/** Undoes a completed sale after a void: cancels its fulfilment and gives its points back. */
export const reversal = bound(
  ({ ended }: FollowUpStart) => workflowIdOf('reversal', ended),
  reverse,
);

async function reverse(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  progress.knows({ payment: 'voided' });
  progress.receiveMessages();
  return CancellationScope.nonCancellable(async () => {
    const kind = await run(start, progress).catch((error: unknown) => progress.settleByHand(error));
    const { order, fulfils, notifies } = start;
    return { kind, redemption: progress.view(), voided: [''], order, fulfils, notifies };
  });
}

async function run(
  { ended, order, fulfils }: FollowUpStart,
  progress: Progress,
): Promise<'compensated' | 'completed'> {
  const { program, redemptionId, providerReference } = ended;
  const compensations = new Compensations();
  compensations.add(restoration(progress, order, () => providerReference));
  if (fulfils) compensations.add(cancellation(progress, { program, redemptionId }));
  const kind = await giveBack(progress, compensations, 'payment-voided');
  progress.end(kind, 'payment-voided');
  await progress.finish();
  return kind;
}
