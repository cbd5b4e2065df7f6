import { CancellationScope } from '@temporalio/workflow';
import { PaymentFacts } from '../domain/payment-facts.ts';
import { reversalName, workflowIdOf } from '../domain/temporal-names.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { cancellation, giveBack, restoration } from './give-back.ts';
import type { FollowUpStart, Outcome } from './messages.ts';
import { Progress } from './progress.ts';
import { receivePayments } from './receive-payments.ts';
import { startCase } from './start-follow-up.ts';

/** Undoes a completed sale after a void: cancels its fulfilment and gives its points back. */
export const reversal = bound(
  (start: FollowUpStart) => workflowIdOf('reversal', reversalName(start)),
  reverse,
);

async function reverse(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  // Of a reversal from before the facts were handed on, no more is known than that the sale is over.
  const facts = PaymentFacts.of(start.voids === undefined ? { voided: [''] } : start);
  const isVoided = () => facts.outcome('one') !== 'captured';
  progress.knows({ payment: 'voided' });
  progress.receiveMessages();
  receivePayments(progress, facts, isVoided);
  return CancellationScope.nonCancellable(async () => {
    const kind = await run(start, progress).catch((error: unknown) => progress.settleByHand(error));
    const { ended: _, earlier, ...known } = start;
    const redemption = progress.view();
    // Another payment was captured while the points went back.
    if (kind === 'compensated' && !isVoided())
      await startCase({
        ...known,
        ...facts.handedOn,
        ended: redemption,
        isAgain: true,
        ...(earlier !== undefined && { earlier: [...earlier, ...redemption.timeline] }),
      });
    return { ...known, ...facts.handedOn, kind, redemption };
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
