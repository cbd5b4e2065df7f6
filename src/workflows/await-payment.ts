import { ActivityFailure, condition } from '@temporalio/workflow';
import type { Terms } from '../domain/orders.ts';
import type { CompensationReason } from '../domain/statuses.ts';
import type { PaymentState } from '../payment/payment-system.ts';
import { askPayment } from './activities.ts';
import type { Sale } from './sale.ts';

const PENDING_WAIT_MS = 60_000;
const PENDING = { summary: 'the payment is pending: wait once more' };

/** Waits for the payment. Returns `undefined` once it is captured, otherwise the reason why the points go back. */
export async function awaitPayment(
  sale: Sale,
  terms: Terms,
): Promise<CompensationReason | undefined> {
  const unpaid = await untilCaptured(sale, terms);
  if (unpaid !== undefined || !sale.isPaidInFull) return unpaid;
  const settled = () => sale.stopped !== undefined;
  await sale.progress.needAttention('discount-not-applied', { settled });
  return sale.stopped;
}

async function untilCaptured(sale: Sale, terms: Terms): Promise<CompensationReason | undefined> {
  const settled = () => sale.isPaid || sale.stopped !== undefined;
  const deadline = { summary: 'payment deadline' };
  if (await condition(settled, terms.paymentDeadlineMs, deadline)) return sale.stopped;
  if (!terms.asksPayment) return 'payment-timed-out';
  for (;;) {
    let answer = await ask(sale);
    if (answer === 'pending' && !(await condition(settled, PENDING_WAIT_MS, PENDING)))
      answer = await ask(sale);
    if (answer === 'no-answer' && !settled()) {
      const operator = await sale.progress.needAttention('payment-unknown', { settled });
      if (operator !== undefined) continue;
    }
    return settled() ? sale.stopped : 'payment-timed-out';
  }
}

/** Records what the payment system says like any other fact, so that a void which arrives meanwhile still wins. */
async function ask(sale: Sale): Promise<PaymentState['status'] | 'no-answer'> {
  try {
    const { status, paymentId, amount } = await askPayment(sale.id);
    if (status === 'captured' || status === 'voided')
      sale.record(status, {
        eventId: 'payment-status',
        paymentId,
        // With an amount, a void would be a refund, perhaps of a part.
        ...(status === 'captured' && { amount }),
      });
    return status;
  } catch (error) {
    if (error instanceof ActivityFailure) return 'no-answer';
    throw error;
  }
}
