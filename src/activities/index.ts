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
  return {
    ...balanceActivities(dependencies),
    ...deductionActivities(dependencies),
    ...findingActivities(dependencies),
    ...restorationActivities(dependencies),
    ...paymentActivities(dependencies),
    ...fulfilmentActivities(dependencies),
    ...notificationActivities(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;
