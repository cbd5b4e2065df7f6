import { ActivityFailure, ApplicationFailure, condition, workflowInfo } from '@temporalio/workflow';
import type { DeductionOrder, DeductionOutcome, Terms } from '../domain/orders.ts';
import { deductPointsWithin } from './activities.ts';
import type { Progress } from './progress.ts';
import { resolveDeduction } from './resolve-deduction.ts';
import type { Sale } from './sale.ts';
import {
  declineBeforeDeduction,
  failureReason,
  type DeductionWindow,
  type Declined,
  type Deducted,
} from './step-result.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export function deductionOrder(sale: Sale, terms: Terms): DeductionOrder {
  const { member, store, till, cashier } = sale.request;
  return {
    ...sale.id,
    member,
    memberId: terms.memberId,
    points: terms.points,
    discountMinor: terms.discountMinor,
    store,
    till,
    ...(cashier !== undefined && { cashier }),
    ...(terms.names !== undefined && { names: terms.names }),
    since: (sale.isReset ? workflowInfo().startTime : new Date()).toISOString(),
    deductBy: sale.deductBy,
    answerMs: sale.answerMs,
    settlingMs: terms.settlingMs,
    lateWatchMs: terms.lateWatchMs,
  };
}

/** Takes the points at most once: sends again what was certainly not carried out, and never after an unknown outcome. */
export async function deduct(
  progress: Progress,
  order: DeductionOrder,
  window: DeductionWindow,
): Promise<Deducted | Declined> {
  let failure: string | undefined;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const outcome = await send(order, window);
    switch (outcome.kind) {
      case 'deducted':
      case 'declined':
        return outcome;
      case 'unknown':
      case 'not-applied':
        return resolveDeduction(progress, order, window, outcome);
      case 'too-late':
        return late(declineBeforeDeduction(window) ?? tooLate(outcome.message), failure);
      case 'not-sent':
        failure = outcome.message;
        break;
    }
    const waitMs = Math.max(pauseMs, outcome.retryAfterMs ?? 0);
    if (window.leftMs() - waitMs < order.answerMs) return providerFailed(failure);
    await condition(() => window.stopped !== undefined, waitMs, {
      summary: 'pause before the deduction is sent again',
    });
    const declined = declineBeforeDeduction(window);
    if (declined !== undefined) return late(declined, failure);
  }
}

/** Blames the provider when time ran out while it took no request, however close the last attempt was. */
function late(declined: Declined, failure: string | undefined): Declined {
  return declined.reason === 'too-late' && failure !== undefined
    ? providerFailed(failure)
    : declined;
}

function providerFailed(message: string): Declined {
  return { kind: 'declined', reason: 'provider-failed', message };
}

function tooLate(message: string): Declined {
  return { kind: 'declined', reason: 'too-late', message };
}

async function send(order: DeductionOrder, window: DeductionWindow): Promise<DeductionOutcome> {
  try {
    return await deductPointsWithin(Math.max(window.leftMs(), 1), order);
  } catch (error) {
    return { kind: isUnread(error) ? 'not-sent' : 'unknown', message: failureReason(error) };
  }
}

/** Recognises a worker that lacks the key: it could not read the order, so the activity never began. */
function isUnread(error: unknown): boolean {
  return (
    error instanceof ActivityFailure &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === 'DecryptionError'
  );
}
