import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { Program } from '../programs/programs.ts';
import { formatDuration } from '../schemas/duration.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { refuseOldSale, retentionOf } from '../temporal/retention.ts';
import type { Fingerprint, GiveUp, RedemptionStart } from '../workflows/messages.ts';
import type { RedeemOptions, RedemptionAnswer } from './answer.ts';
import { hasContent, newFingerprint } from './fingerprint.ts';
import { combinedView, handleOf, runsOf } from './runs.ts';
import { startRedemption } from './start-redemption.ts';
import { timedOutView } from './timed-out-view.ts';

const DEFAULT_DEDUCT_BY_MS = 30_000;
/** What the till waits beyond its own deadline, at the most. */
const GIVE_UP_LIMIT_MS = 5_000;

/** Starts the redemption, or finds it started, and answers the till. @throws RedemptionError */
export async function redeem(
  temporal: Client,
  program: Program,
  request: RedemptionRequest,
  options: RedeemOptions,
): Promise<RedemptionAnswer> {
  if (request.saleTime !== undefined) refuseOldSale(request.saleTime, await retentionOf(temporal));
  const fingerprint = newFingerprint(request);
  const deductByMs = request.deductByMs ?? DEFAULT_DEDUCT_BY_MS;
  const start = { request, fingerprint, deductByMs };
  const first = await startRedemption(temporal, program, start, options);

  if (first === 'no-answer') {
    const redemption = await giveUp(temporal, start);
    return { ...redemption, repeated: false, wasGranted: false };
  }
  if (first === 'closed') {
    const runs = await runsOf(temporal, request);
    demandSameContent(runs[0].outcome?.fingerprint, request);
    return { ...combinedView(runs), repeated: true, wasGranted: false };
  }
  demandSameContent(first.fingerprint, request);
  const repeated = first.fingerprint.key !== fingerprint.key;
  const redemption = repeated ? combinedView(await runsOf(temporal, request)) : first.redemption;
  demandNoFault(redemption);
  return { ...redemption, repeated, wasGranted: first.redemption.granted };
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
 * started the run, that one has an answer of its own, and nothing is known here.
 */
async function giveUp(temporal: Client, start: RedemptionStart): Promise<RedemptionView> {
  const { request, fingerprint } = start;
  const waited = formatDuration(start.deductByMs);
  const handle = handleOf(temporal, 'redemption', request);
  const found = await temporal
    .withDeadline(Date.now() + GIVE_UP_LIMIT_MS, async () => {
      const { memo } = await handle.describe();
      const { key } = (memo?.['fingerprint'] ?? {}) as Partial<Fingerprint>;
      if (key !== fingerprint.key) return 'started by another request';
      await handle.signal<[GiveUp]>('giveUp', { key, waited });
      return 'given up';
    })
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return 'not open';
      throw cannotGiveUp(waited, error);
    });
  if (found === 'given up') return timedOutView(waited, request);
  // It ended in the meantime, and its end is the answer; or it was never started.
  if (found === 'not open')
    return runsOf(temporal, request)
      .then(combinedView)
      .catch((error: unknown) => {
        throw cannotGiveUp(waited, error);
      });
  throw new RedemptionError(
    'unavailable',
    `There was no answer within ${waited}. Another request started this redemption and goes on, so nothing was voided. Send the same request again: that is safe.`,
  );
}

function cannotGiveUp(waited: string, cause: unknown): RedemptionError {
  return new RedemptionError(
    'unavailable',
    `There was no answer within ${waited}, and the sale could not be given up: send the same request again, and give no discount until it is answered.`,
    { cause },
  );
}
