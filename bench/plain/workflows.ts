/**
 * What ours is measured against: the same sale as a saga written as public samples write it, without our guarantees; and
 * a workflow that takes the same messages and does nothing, for what no workflow can go below.
 */
import {
  condition,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { PlainActivities, PlainSale } from './activities.ts';

const { checkBalance, deductPoints, fulfil, restorePoints } = proxyActivities<PlainActivities>({
  startToCloseTimeout: '30s',
  retry: { maximumAttempts: 5 },
});

const pointsDeducted = defineUpdate<string>('pointsDeducted');
const paymentCaptured = defineSignal('paymentCaptured');

/** Balance, deduction, the wait for the payment, fulfilment; what was taken is given back when one of them fails. */
export async function plainSaga(sale: PlainSale): Promise<string> {
  let answer: string | undefined;
  let isPaid = false;
  setHandler(pointsDeducted, async () => {
    await condition(() => answer !== undefined);
    return answer ?? '';
  });
  setHandler(paymentCaptured, () => {
    isPaid = true;
  });

  const compensations: (() => Promise<void>)[] = [];
  try {
    const { memberId, points } = await checkBalance(sale);
    if (points < sale.points) return (answer = 'declined');
    const reference = await deductPoints({ ...sale, memberId });
    compensations.unshift(() => restorePoints({ ...sale, memberId }, reference));
    answer = 'granted';
    if (!(await condition(() => isPaid, '15m'))) throw new Error('not paid');
    await fulfil(sale);
    return 'completed';
  } catch {
    answer ??= 'declined';
    for (const compensate of compensations) await compensate();
    return 'compensated';
  }
}

export async function emptyWorkflow(): Promise<string> {
  let isPaid = false;
  setHandler(pointsDeducted, () => 'granted');
  setHandler(paymentCaptured, () => {
    isPaid = true;
  });
  await condition(() => isPaid);
  return 'completed';
}
