import { ApplicationFailure } from '@temporalio/common';
import type { PaymentState } from '../payment/payment-system.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';

export function paymentActivities(dependencies: Dependencies) {
  return {
    /** Asks the payment system what became of the sale's payment. @throws if there is no answer, so that it is retried */
    async askPayment(sale: { program: string; redemptionId: string }): Promise<PaymentState> {
      const { payment } = servicesOf(dependencies, sale.program);
      if (payment === undefined)
        throw ApplicationFailure.retryable(
          `program ${sale.program} no longer names a payment system`,
        );
      return payment.askPayment(sale.program, sale.redemptionId);
    },
  };
}
