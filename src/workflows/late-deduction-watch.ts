import { CancellationScope, patched, sleep } from '@temporalio/workflow';
import type { DeductionOrder } from '../domain/orders.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import { findDeductionAtLast } from './activities.ts';
import { bound } from './bound.ts';
import { Compensations } from './compensations.ts';
import { giveBack, restoration } from './give-back.ts';
import type { FollowUpStart, Outcome } from './messages.ts';
import { Progress } from './progress.ts';
import { detailOf } from './resolve-deduction.ts';
import { DECLINES_AGAIN } from './versions.ts';

/** Looks again, up to days later, for a deduction that was not found, and gives back what landed late. */
export const watch = bound(
  ({ order }: FollowUpStart) => workflowIdOf('watch', order),
  watchForDeduction,
);

export async function watchForDeduction(start: FollowUpStart): Promise<Outcome> {
  const progress = new Progress(start.ended, start.notifies);
  progress.receiveMessages();
  // Cancelling a watch would help nobody, because the points may still land.
  return CancellationScope.nonCancellable(() =>
    run(start, progress).catch(async (error: unknown) =>
      ended(start, progress, await progress.settleByHand(error)),
    ),
  );
}

async function run(start: FollowUpStart, progress: Progress): Promise<Outcome> {
  const { order } = start;
  const landed = await untilLanded(order, progress);
  let kind: Outcome['kind'] = 'declined';
  if (landed !== undefined) {
    progress.deducted(landed);
    const compensations = new Compensations();
    compensations.add(restoration(progress, order, () => landed));
    kind = await giveBack(progress, compensations, 'late-deduction');
    progress.end(kind, 'late-deduction');
  } else if (progress.status !== 'declined') {
    progress.move('declined', { reason: 'provider-failed' });
  }
  await progress.finish();
  return ended(start, progress, kind);
}

function ended(
  { order, notifies }: FollowUpStart,
  progress: Progress,
  kind: Outcome['kind'],
): Outcome {
  return { kind, redemption: progress.view(), voided: [], order, fulfils: false, notifies };
}

/** Returns the provider's reference, or `undefined` when nothing landed within the watch. */
async function untilLanded(order: DeductionOrder, progress: Progress): Promise<string | undefined> {
  const pauses = [...order.lateWatchMs];
  for (let pauseMs = pauses.shift(); pauseMs !== undefined; pauseMs = pauses.shift()) {
    await sleep(pauseMs, { summary: 'pause before the next look-up of a late deduction' });
    const found = await findDeductionAtLast(order);
    if (found.kind === 'found' && found.applied) return found.reference;
    const isAsked = progress.status === 'needs-attention';
    if (found.kind === 'not-found') {
      // Earlier versions left the sale as it was, with nobody to answer.
      if (isAsked && patched(DECLINES_AGAIN))
        progress.move('declined', { reason: 'provider-failed' });
      continue;
    }
    // An accepted deduction may be applied at any time. After the last look-up, or once a person was asked, he takes over.
    if (found.kind === 'found' && pauses.length > 0 && !isAsked) continue;
    const reason = found.kind === 'found' ? 'deduction-not-applied' : 'deduction-unknown';
    const answer = await progress.needAttention(reason, { detail: detailOf(found), order });
    if (answer?.kind === 'adopt') return answer.reference;
    if (answer?.kind === 'not-deducted') return undefined;
    pauses.unshift(0);
  }
  return undefined;
}
