import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { StrayError } from '../encryption/codec.ts';
import type { Program } from '../programs/programs.ts';
import { formatDuration } from '../schemas/duration.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { isTimeout, withinDeadline } from '../temporal/connection.ts';
import { refuseOldSale, retentionOf } from '../temporal/retention.ts';
import type { Fingerprint, GiveUp, RedemptionStart } from '../workflows/messages.ts';
import type { RedeemOptions, RedemptionAnswer } from './answer.ts';
import { hasContent, newFingerprint } from './fingerprint.ts';
import { combinedView, handleOf, runsOf, strayRedemption } from './runs.ts';
import { startRedemption } from './start-redemption.ts';
import { timedOutView } from './timed-out-view.ts';

const DEFAULT_DEDUCT_BY_MS = 30_000;
/** Leaves the answer time to travel after the run has given it. */
const TRAVEL_MS = 1_000;
/** What the till waits beyond its own deadline at the most, whatever Temporal does: to travel, and to give up or ask once more. */
const GRACE_MS = 3_000;

const NOT_SEEN = 'Whether the sale has started is not known.';

interface Shop {
  readonly temporal: Client;
  readonly program: Program;
  readonly checkKeys: () => Promise<void>;
}

/**
 * Starts the redemption, or finds it started, and answers the till by _deduct by_ and {@link GRACE_MS} at the latest.
 * @throws RedemptionError
 */
export async function redeem(
  { temporal, program, checkKeys }: Shop,
  request: RedemptionRequest,
  options: RedeemOptions,
): Promise<RedemptionAnswer> {
  const { deductByMs = DEFAULT_DEDUCT_BY_MS } = request;
  const deductBy = Date.now() + deductByMs;
  const waited = formatDuration(deductByMs);
  const orUnknown = <T>(known: string, work: () => Promise<T>) =>
    withinDeadline(temporal, deductBy + GRACE_MS, work).catch((error: unknown) => {
      throw isTimeout(error) ? unknown(waited, known, error) : error;
    });

  await orUnknown('Nothing was started.', () =>
    withinDeadline(temporal, deductBy + TRAVEL_MS, async () => {
      await checkKeys();
      if (request.saleTime !== undefined)
        refuseOldSale(request.saleTime, await retentionOf(temporal));
    }),
  );
  const fingerprint = newFingerprint(request);
  const start = { request, fingerprint, deductByMs };
  const first = await startRedemption(temporal, program, start, deductBy + TRAVEL_MS, options);
  if (first === 'no-answer') return orUnknown(NOT_SEEN, () => giveUp(temporal, start));
  if (first === 'closed')
    return orUnknown('The sale has ended; how is not known.', () => ending(temporal, start));

  demandSameContent(first.fingerprint, request);
  const repeated = first.fingerprint.key !== fingerprint.key;
  const redemption = repeated
    ? await orUnknown('The sale was answered before; how it stands now is not known.', () =>
        present(temporal, request),
      )
    : first.redemption;
  demandNoFault(redemption);
  return { ...redemption, repeated, wasGranted: first.redemption.granted };
}

function unknown(waited: string, known: string, cause?: unknown): RedemptionError {
  return new RedemptionError(
    'unavailable',
    `There was no answer within ${waited}. ${known} Give no discount, and send the same request again: that is safe.`,
    { cause },
  );
}

async function present(temporal: Client, request: RedemptionRequest): Promise<RedemptionView> {
  return combinedView(await runsOf(temporal, request));
}

/** Answers from the end of a run that was closed before it could answer this request. */
async function ending(
  temporal: Client,
  { request, fingerprint }: RedemptionStart,
): Promise<RedemptionAnswer> {
  const runs = await runsOf(temporal, request);
  if (runs[0].outcome?.isStray === true) throw strayRedemption(request);
  const first = runs[0].outcome?.fingerprint;
  demandSameContent(first, request);
  return { ...combinedView(runs), repeated: first?.key !== fingerprint.key, wasGranted: false };
}

/**
 * The one place where the content of a repeated request is compared. A run without a fingerprint was not started by a
 * request of ours, or closed before outcomes held one: it answers nobody.
 */
function demandSameContent(first: Fingerprint | undefined, request: RedemptionRequest): void {
  if (first !== undefined && hasContent(first, request)) return;
  throw new RedemptionError(
    'conflict',
    `redemptionId ${request.redemptionId} is already used by a request with different content: use a new id for a new sale.`,
    { field: 'redemptionId' },
  );
}

/** Refuses a request with a fault that only the provider could see. */
function demandNoFault({ field, message = 'was refused' }: RedemptionView): void {
  if (field === undefined) return;
  throw new RedemptionError(
    'invalid-request',
    `${field} ${message}; give the corrected request a new redemptionId.`,
    { field },
  );
}

/**
 * No answer came in time, and the till needs a final no. A request speaks for itself alone: only where it started the run
 * itself does it give the sale up, by a signal that reaches the run whether or not a worker is there. Where another request
 * started the run, that one has an answer of its own: nothing is voided, and only an end is known here.
 */
async function giveUp(temporal: Client, start: RedemptionStart): Promise<RedemptionAnswer> {
  const { request, fingerprint, deductByMs } = start;
  const waited = formatDuration(deductByMs);
  const handle = handleOf(temporal, 'redemption', request);
  try {
    const { memo, status } = await handle.describe();
    const { key, digest } = (memo?.['fingerprint'] ?? {}) as Partial<Fingerprint>;
    if (status.name !== 'RUNNING' && status.name !== 'PAUSED') return await ending(temporal, start);
    if (key === undefined)
      throw unknown(
        waited,
        'The run under this redemptionId does not say which request started it, so nothing was voided; if this stays so, an operator has to look at it.',
      );
    if (key !== fingerprint.key) {
      if (digest !== undefined) demandSameContent({ key, digest }, request);
      throw unknown(waited, 'Another request has started this redemption, so nothing was voided.');
    }
    await handle.signal<[GiveUp]>('giveUp', { key, waited });
  } catch (error) {
    if (error instanceof RedemptionError) throw error;
    if (error instanceof StrayError) throw strayRedemption(request, error);
    // The time is over whatever is wrong now, be it Temporal or a memo that nobody can decode.
    if (!(error instanceof WorkflowNotFoundError)) throw unknown(waited, NOT_SEEN, error);
    // It ended in the meantime, and its end is the answer; or it was never seen to start.
    return ending(temporal, start).catch((cause: unknown) => {
      const isUnseen = cause instanceof RedemptionError && cause.code === 'unknown-redemption';
      throw isUnseen ? unknown(waited, 'The sale was not seen to start.', cause) : cause;
    });
  }
  return { ...timedOutView(waited, request), repeated: false, wasGranted: false };
}
