/** The activities as the saga calls them: how long each may take and how often it may be tried. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeductionOrder } from '../domain/orders.ts';

/** What the provider's HTTP client needs at the most for one request, with room for a second one after it. */
const ONE_ANSWER = '25s';

/** Nobody beats for a worker that was killed: what it did is found out while the till still waits. */
const WORKER_LOST = '10s';

/** The most that a provider is given to answer a deduction; a short *deduct by* gives it half of its time. */
export const MOST_ANSWER_MS = 10_000;

/** What is done at once is done by the worker that has the run; longer, and a void would wait for the answer. */
const AT_ONCE_MS = 1_000;

/** Reads only, so that a crash may repeat it. Five events and a workflow task less than an activity. */
export function checkBalanceAtOnce(milliseconds = AT_ONCE_MS): Activities['checkBalance'] {
  return proxyLocalActivities<Activities>({
    summary: 'check the balance',
    scheduleToCloseTimeout: Math.min(milliseconds, AT_ONCE_MS),
    retry: { maximumAttempts: 1 },
  }).checkBalance;
}

/** Reads only; the saga gives it until *deduct by*, or as long as it takes, if points may have been taken before. */
export function checkBalanceWithin(milliseconds?: number): Activities['checkBalance'] {
  return proxyActivities<Activities>({
    summary: 'check the balance',
    ...(milliseconds === undefined
      ? { startToCloseTimeout: ONE_ANSWER }
      : { scheduleToCloseTimeout: milliseconds }),
    heartbeatTimeout: WORKER_LOST,
    retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '5s' },
  }).checkBalance;
}

/** At most one attempt: Temporal must never repeat it by itself. */
export function deductPointsWithin(
  milliseconds: number,
  order: DeductionOrder,
): ReturnType<Activities['deductPoints']> {
  const { deductPoints } = proxyActivities<Activities>({
    summary: `deduct ${order.points} points`,
    scheduleToCloseTimeout: milliseconds,
    heartbeatTimeout: WORKER_LOST,
    retry: { maximumAttempts: 1 },
  });
  return deductPoints(order);
}

/** Asked again for ten minutes; then a person decides. */
export const { askPayment } = proxyActivities<Activities>({
  summary: 'ask the payment system about the payment',
  startToCloseTimeout: ONE_ANSWER,
  scheduleToCloseTimeout: '10m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Repeated for five minutes; then everything is given back. */
export const { fulfil } = proxyActivities<Activities>({
  summary: 'fulfil what the points bought',
  startToCloseTimeout: ONE_ANSWER,
  scheduleToCloseTimeout: '5m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

const UNTIL_IT_SUCCEEDS = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '5m',
} as const;

export const { cancelFulfilment } = proxyActivities<Activities>({
  summary: 'cancel the fulfilment',
  startToCloseTimeout: ONE_ANSWER,
  retry: UNTIL_IT_SUCCEEDS,
});

/** One activity under Temporal's own unlimited retry: a loop in the workflow would run out of history. */
export function restorePoints(
  restoration: Parameters<Activities['restorePoints']>[0],
): ReturnType<Activities['restorePoints']> {
  const proxy = proxyActivities<Activities>({
    summary: `give ${restoration.points} points back`,
    startToCloseTimeout: '3m',
    heartbeatTimeout: '15s',
    retry: UNTIL_IT_SUCCEEDS,
  });
  return proxy.restorePoints(restoration);
}

/** One look; the saga paces the looks itself. */
export const { findDeduction } = proxyActivities<Activities>({
  summary: 'look for the deduction',
  startToCloseTimeout: '1m',
  heartbeatTimeout: WORKER_LOST,
  retry: { maximumAttempts: 1 },
});

/** A look that must be made, however long the provider is away. */
export const { findDeduction: findDeductionAtLast } = proxyActivities<Activities>({
  summary: 'look for the deduction',
  startToCloseTimeout: '1m',
  heartbeatTimeout: WORKER_LOST,
  retry: UNTIL_IT_SUCCEEDS,
});

/** Handed to the run that delivers them: as sure as anything here. */
export const { passOn } = proxyActivities<Activities>({
  summary: 'queue a notification for the POS',
  startToCloseTimeout: ONE_ANSWER,
  retry: UNTIL_IT_SUCCEEDS,
});

/** Tried for three days; then it is given up, and the next one is told. */
export const { deliverNews } = proxyActivities<Activities>({
  summary: 'notify the POS',
  startToCloseTimeout: ONE_ANSWER,
  scheduleToCloseTimeout: '3d',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** An operator waits for the answer. */
export const { confirmReference } = proxyActivities<Activities>({
  summary: 'check that the reference belongs to this redemption',
  startToCloseTimeout: '1m',
  scheduleToCloseTimeout: '1m',
  retry: { initialInterval: '1s' },
});
