/** What is told of the payment after the end of its sale, while a case or a reversal is open. */
import { setHandler } from '@temporalio/workflow';
import { readPaymentEvent, type PaymentFacts } from '../domain/payment-facts.ts';
import { received } from '../domain/provenance.ts';
import { paymentCaptured, paymentVoided } from './messages.ts';
import type { Progress } from './progress.ts';

/** Must be called before the first await. The handlers only record, because one that throws would fail the run. */
export function receivePayments(
  progress: Progress,
  facts: PaymentFacts,
  isVoided: () => boolean,
): void {
  const record = (kind: 'captured' | 'voided', payload: unknown, news: () => string) => {
    const event = readPaymentEvent(received(payload).content);
    if (event === undefined || !facts.record(kind, event)) return;
    progress.knows({ payment: isVoided() ? 'voided' : 'captured after the points had gone back' });
    progress.note(news());
  };
  setHandler(paymentCaptured, (payload) => record('captured', payload, () => 'payment captured'), {
    description:
      'Records that another payment of the sale was captured: {"eventId": "evt-4", "paymentId": "pay-2"}. Only eventId is required.',
  });
  setHandler(
    paymentVoided,
    (payload) =>
      record('voided', payload, () =>
        isVoided() ? 'payment voided' : 'a void of another payment was recorded',
      ),
    {
      description:
        'Records that a payment of the sale was voided: {"eventId": "evt-3", "paymentId": "pay-1"}. Once no captured payment stands, there is nothing left to decide.',
    },
  );
}
