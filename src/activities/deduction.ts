import {
  NO_TIME_LEFT,
  type DeductionOrder,
  type DeductionOutcome,
  type FailedDeduction,
} from '../domain/orders.ts';
import { ProviderError, type LoyaltyProvider } from '../loyalty/provider.ts';
import {
  servicesOf,
  type Dependencies,
  type MemberLock,
  type ProgramServices,
} from './dependencies.ts';
import { failedDeduction } from './failures.ts';
import { heartbeating } from './heartbeat.ts';

/** Leaves time for a deduction and for looking up its outcome. A crash blocks the member no longer than this. */
const LONGEST_LOCK_MS = 60_000;
const LOCK_PAUSE_MS = { shortest: 20, longest: 200 } as const;

export function deductionActivities(dependencies: Dependencies) {
  const { clock } = dependencies;
  return {
    /**
     * Sends one request that takes points, if time is left for its answer. It must run at most once for each attempt of
     * the saga (`maximumAttempts: 1`), because no provider recognises a repetition. It returns every outcome. If it throws,
     * the outcome is unknown.
     *
     * If the provider lets a member overspend, one till at a time holds the member lock. From the balance check inside the
     * lock until the deduction is seen in the wallet, nobody else deducts from this member.
     */
    async deductPoints(order: DeductionOrder): Promise<DeductionOutcome> {
      if (!dependencies.programs.has(order.program))
        return { kind: 'not-sent', message: `a worker does not know the program ${order.program}` };
      const services = servicesOf(dependencies, order.program);
      return heartbeating((signal) =>
        services.provider.capabilities.refusesOverspending
          ? send(services.provider, order, order.deductBy - clock.now(), signal)
          : deductUnderLock(dependencies, services, order, signal),
      );
    },
  };
}

const TOO_LATE = {
  kind: 'too-late',
  message: NO_TIME_LEFT,
} as const;

/** Returns `not-sent`, because nothing is sent without a lock. */
function lockFailed(error: unknown): Extract<FailedDeduction, { kind: 'not-sent' }> {
  return { kind: 'not-sent', message: `no lock could be taken: ${(error as Error).message}` };
}

async function takeLock(
  { memberLocks, clock }: Dependencies,
  name: string,
  { deductBy, answerMs }: DeductionOrder,
): Promise<MemberLock | undefined> {
  for (
    let pauseMs: number = LOCK_PAUSE_MS.shortest;
    ;
    pauseMs = Math.min(2 * pauseMs, LOCK_PAUSE_MS.longest)
  ) {
    const leftMs = deductBy - clock.now();
    if (leftMs < answerMs) return undefined;
    const lock = await memberLocks.take(name, Math.min(leftMs + 1_000, LONGEST_LOCK_MS));
    if (lock !== undefined) return lock;
    // The pause is random, so that tills that wait for one member do not ask at the same time.
    await clock.sleep(pauseMs * (0.5 + Math.random()));
  }
}

async function deductUnderLock(
  dependencies: Dependencies,
  { provider, lockNameOf }: ProgramServices,
  order: DeductionOrder,
  signal: AbortSignal,
): Promise<DeductionOutcome> {
  const lock = await takeLock(dependencies, lockNameOf(order.memberId), order).catch(lockFailed);
  if (lock === undefined) return TOO_LATE;
  if ('kind' in lock) return lock;
  const leftMs = () => Math.min(order.deductBy - dependencies.clock.now(), lock.leftMs);
  const outcome =
    (await lackOfPoints(provider, order)) ?? (await send(provider, order, leftMs(), signal));
  // An unknown deduction may still show in the wallet, so its lock is kept until it runs out. Otherwise it is released, and
  // the till does not wait for that, because a lock whose release is lost runs out by itself.
  if (outcome.kind !== 'unknown' && outcome.kind !== 'not-applied') void lock.release();
  return outcome;
}

/** Reads the balance inside the lock. Returns `undefined` if it suffices. */
async function lackOfPoints(
  provider: LoyaltyProvider,
  order: DeductionOrder,
): Promise<DeductionOutcome | undefined> {
  try {
    const { points } = await provider.checkBalance(order.memberId);
    if (points >= order.points) return undefined;
    return {
      kind: 'declined',
      reason: 'insufficient-points',
      message: `the member has ${points} points, not ${order.points}`,
    };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // No request that takes points was sent yet.
    if (error.kind !== 'refused') return { kind: 'not-sent', message: error.message };
    return failedDeduction(error);
  }
}

/**
 * Sends the deduction. `leftMs` is the time until the deadline or the end of the lock, whichever comes first. Nothing may be
 * sent once the signal is aborted, because the saga has given this attempt up and looks for what it did.
 */
async function send(
  provider: LoyaltyProvider,
  order: DeductionOrder,
  leftMs: number,
  signal: AbortSignal,
): Promise<DeductionOutcome> {
  if (leftMs < order.answerMs || signal.aborted) return TOO_LATE;
  try {
    const { reference, balance } = await provider.deductPoints(order, withReserve(leftMs));
    return { kind: 'deducted', reference, ...(balance !== undefined && { balance }) };
  } catch (error) {
    return failedDeduction(error);
  }
}

/** Keeps some time back to report the outcome before the deadline. */
function withReserve(leftMs: number): number {
  return leftMs - Math.min(500, Math.round(leftMs / 5));
}
