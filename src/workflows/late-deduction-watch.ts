import { CancellationScope, allHandlersFinished, condition, sleep } from '@temporalio/workflow';
import type { DeductionOrder } from '../activities/deduction.ts';
import { findDeductionAtLast } from './activities.ts';
import type { Aftermath } from './start-follow-up.ts';
import { Compensations } from './compensations.ts';
import { giveBack, restoration } from './give-back.ts';
import type { Outcome } from './redemption.ts';
import { Story } from './progress.ts';

/** Looks again, long after, for a deduction that was not found, and gives back what landed late. */
export async function watch(start: Aftermath): Promise<Outcome> {
  const story = new Story(start.ended, start.notifies);
  story.order = start.order;
  story.receiveMessages();
  // Nobody is served by a watch that was cancelled: the points may still land.
  return CancellationScope.nonCancellable(() => run(start, story));
}

async function run({ order, notifies }: Aftermath, story: Story): Promise<Outcome> {
  const landed = await untilLanded(order, story);
  let kind: Outcome['kind'] = 'declined';
  if (landed !== undefined) {
    story.deducted(landed);
    const compensations = new Compensations();
    compensations.add(restoration(story, order, () => landed));
    kind = await giveBack(story, compensations, 'late-deduction');
    story.move(kind, kind === 'compensated' ? { reason: 'late-deduction' } : {});
  } else if (story.status !== 'declined') {
    story.move('declined', { reason: 'provider-failed' });
  }
  await story.told;
  await condition(allHandlersFinished);
  return { kind, redemption: story.view(), voided: [], order, fulfils: false, notifies };
}

/** The provider's reference, or `undefined` when nothing landed within the watch. */
async function untilLanded(order: DeductionOrder, story: Story): Promise<string | undefined> {
  const pauses = [...order.lateWatchMs];
  for (let pauseMs = pauses.shift(); pauseMs !== undefined; pauseMs = pauses.shift()) {
    await sleep(pauseMs, { summary: 'pause before the next look for a late deduction' });
    const found = await findDeductionAtLast(order);
    if (found.kind === 'found' && found.applied) return found.reference;
    // An accepted deduction may be applied any time; at the last look a person takes over.
    if (found.kind === 'not-found' || (found.kind === 'found' && pauses.length > 0)) continue;
    const reason = found.kind === 'found' ? 'deduction-not-applied' : 'deduction-unknown';
    const answer = await story.needAttention(reason);
    if (answer?.kind === 'adopt') return answer.reference;
    if (answer?.kind === 'not-deducted') return undefined;
    pauses.unshift(0);
  }
  return undefined;
}
