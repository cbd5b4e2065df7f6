/** The activities as the saga calls them. This file sets how long each may take, and how often it may be tried. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeductionOrder, RestorationOrder } from '../domain/orders.ts';
import { believed, untilBelieved } from './believed.ts';

/** Leaves the HTTP client time for one request of the longest kind, and for a second one after it. */
const ONE_ANSWER = '25s';

/** A killed worker sends no heartbeat, so the saga finds out what it did while the till still waits. */
const WORKER_LOST = '10s';

/** Leaves time to read a list of days. A repetition goes on where it was. A lost worker is noticed by its heartbeat. */
const LONG_LIST = '15m';

/** The longest that a provider may take to answer a deduction. A short *deduct by* allows half of its time only. */
export const MOST_ANSWER_MS = 10_000;

/** Limits a local activity, because Temporal holds back a void until the local activity has ended. */
const AT_ONCE_MS = 1_000;

/** Reads only, so a crash may repeat it. It costs five events and a workflow task less than an activity. */
export function checkBalanceAtOnce(milliseconds = AT_ONCE_MS): Activities['checkBalance'] {
  const { checkBalance } = proxyLocalActivities<Activities>({
    summary: 'check the balance',
    scheduleToCloseTimeout: Math.min(milliseconds, AT_ONCE_MS),
    retry: { maximumAttempts: 1 },
  });
  return believed(checkBalance);
}

/** Reads only. The saga waits until *deduct by*, or without a limit if an earlier run may have taken points. */
export function checkBalanceWithin(milliseconds?: number): Activities['checkBalance'] {
  const { checkBalance } = proxyActivities<Activities>({
    summary: 'check the balance',
    ...(milliseconds === undefined
      ? { startToCloseTimeout: ONE_ANSWER }
      : { scheduleToCloseTimeout: milliseconds }),
    heartbeatTimeout: WORKER_LOST,
    retry: { initialInterval: '250ms', backoffCoefficient: 2, maximumInterval: '5s' },
  });
  return untilBelieved(checkBalance);
}

/** Allows one attempt, because Temporal must never repeat a deduction by itself. */
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
  return believed(deductPoints)(order);
}

/** Temporal retries the question for ten minutes. After that a person decides. */
export const askPayment = untilBelieved(
  proxyActivities<Activities>({
    summary: 'ask the payment system about the payment',
    startToCloseTimeout: ONE_ANSWER,
    scheduleToCloseTimeout: '10m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  }).askPayment,
);

/** Temporal repeats the order for five minutes. After that the saga gives everything back. */
export const fulfil = untilBelieved(
  proxyActivities<Activities>({
    summary: 'fulfil what the points bought',
    startToCloseTimeout: ONE_ANSWER,
    scheduleToCloseTimeout: '5m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  }).fulfil,
);

const UNTIL_IT_SUCCEEDS = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '5m',
} as const;

export const cancelFulfilment = untilBelieved(
  proxyActivities<Activities>({
    summary: 'cancel the fulfilment',
    startToCloseTimeout: ONE_ANSWER,
    retry: UNTIL_IT_SUCCEEDS,
  }).cancelFulfilment,
);

/** Uses Temporal's own unlimited retry, because a loop in the workflow would run out of history. */
export function restorePoints(
  restoration: RestorationOrder,
): ReturnType<Activities['restorePoints']> {
  const { restorePoints: restore } = proxyActivities<Activities>({
    summary: `give ${restoration.points} points back`,
    startToCloseTimeout: LONG_LIST,
    heartbeatTimeout: '15s',
    retry: UNTIL_IT_SUCCEEDS,
  });
  return untilBelieved(restore, (order) => ({ ...order, isRepeated: true }))(restoration);
}

/** Makes one look-up. The saga paces its look-ups itself, because it must keep the till's deadline. */
export const findDeduction = untilBelieved(
  proxyActivities<Activities>({
    summary: 'look for the deduction',
    startToCloseTimeout: '1m',
    heartbeatTimeout: WORKER_LOST,
    retry: { maximumAttempts: 1 },
  }).findDeduction,
);

/** Retries until the provider has answered or a person has to look, because nobody waits for this look-up. */
export const findDeductionAtLast = untilBelieved(
  proxyActivities<Activities>({
    summary: 'look for the deduction',
    startToCloseTimeout: LONG_LIST,
    heartbeatTimeout: WORKER_LOST,
    retry: UNTIL_IT_SUCCEEDS,
  }).findDeduction,
);

/** Hands a notification to the run that delivers it, and is retried until that has succeeded. */
export const { passOn } = proxyActivities<Activities>({
  summary: 'queue a notification for the POS',
  startToCloseTimeout: ONE_ANSWER,
  retry: UNTIL_IT_SUCCEEDS,
});

/** Tries for three days. Then it gives this notification up, so that the next one can be delivered. */
export const { deliverNews } = proxyActivities<Activities>({
  summary: 'notify the POS',
  startToCloseTimeout: ONE_ANSWER,
  scheduleToCloseTimeout: '3d',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** Ends within a minute, because an operator waits for the answer. */
export const { confirmReference } = proxyActivities<Activities>({
  summary: 'check that the reference belongs to this redemption',
  startToCloseTimeout: '1m',
  scheduleToCloseTimeout: '1m',
  retry: { initialInterval: '1s' },
});
