import { ApplicationFailure } from '@temporalio/common';
import { UNSEALED_ORDER } from '../domain/orders.ts';
import { received } from '../domain/provenance.ts';
import { balanceActivities } from './balance.ts';
import { deductionActivities } from './deduction.ts';
import type { Dependencies } from './dependencies.ts';
import { findingActivities } from './find-deduction.ts';
import { fulfilmentActivities } from './fulfilment.ts';
import { notificationActivities } from './notifications.ts';
import { paymentActivities } from './payment.ts';
import { restorationActivities } from './restoration.ts';

/** Makes the activities: everything that the saga does outside itself. */
export function createActivities(dependencies: Dependencies) {
  return sealedOnly({
    ...balanceActivities(dependencies),
    ...deductionActivities(dependencies),
    ...findingActivities(dependencies),
    ...restorationActivities(dependencies),
    ...paymentActivities(dependencies),
    ...fulfilmentActivities(dependencies),
    ...notificationActivities(dependencies),
  });
}

/**
 * Carries out only orders that are encrypted for the run that gives them. Whoever reaches Temporal can serve a workflow of
 * their own, and schedule activities on our workers' task queue.
 */
function sealedOnly<All extends Record<string, (...orders: never[]) => Promise<unknown>>>(
  activities: All,
): All {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      (...orders: never[]) => {
        for (const order of orders) demandSealed(order);
        return activity(...orders);
      },
    ]),
  ) as All;
}

/** Not retryable: the same order would be refused again, and our own runs give it anew (`workflows/believed.ts`). */
function demandSealed(order: unknown): void {
  if (received(order).provenance === 'sealed') return;
  throw ApplicationFailure.nonRetryable(
    'the order was not encrypted for the run that gives it',
    UNSEALED_ORDER,
  );
}

export type Activities = ReturnType<typeof createActivities>;
