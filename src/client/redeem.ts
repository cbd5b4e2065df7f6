import type { Client } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { Program } from '../programs/programs.ts';
import { formatDuration } from '../schemas/duration.ts';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import { refuseOldSale, retentionOf } from '../temporal/retention.ts';
import type { RedeemOptions, RedemptionAnswer } from './answer.ts';
import { hasContent, newFingerprint } from './fingerprint.ts';
import { reportVoid } from './payment-reports.ts';
import { combinedView, runsOf } from './runs.ts';
import { startRedemption } from './start-redemption.ts';
import { timedOutView } from './timed-out-view.ts';

const DEFAULT_DEDUCT_BY_MS = 30_000;

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
  const present = async () => combinedView(await runsOf(temporal, request));

  if (first === 'no-answer') {
    const redemption = await giveUp(temporal, program, request, deductByMs);
    return { ...redemption, repeated: false, wasGranted: false };
  }
  if (first === 'closed') return { ...(await present()), repeated: true, wasGranted: false };
  demandSameContent(hasContent(first.fingerprint, request), request);
  const repeated = first.fingerprint.key !== fingerprint.key;
  const redemption = repeated ? await present() : first.redemption;
  demandNoFault(redemption);
  return { ...redemption, repeated, wasGranted: first.redemption.granted };
}

function demandSameContent(isSame: boolean, { redemptionId }: RedemptionRequest): void {
  if (isSame) return;
  throw new RedemptionError(
    'conflict',
    `redemptionId ${redemptionId} is already used by a request with different content: use a new id for a new sale.`,
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
 * Gives the till a final no, because no answer came in time. The void makes it final: it reaches the run even without a
 * worker, and wins over everything that the run may still do.
 */
async function giveUp(
  temporal: Client,
  program: Program,
  request: RedemptionRequest,
  deductByMs: number,
): Promise<RedemptionView> {
  const waited = formatDuration(deductByMs);
  try {
    const event = { eventId: 'no-answer', reason: `no answer in ${waited}` };
    await reportVoid(temporal, program, request, event);
  } catch (error) {
    throw new RedemptionError(
      'unavailable',
      `There was no answer within ${waited}, and the sale could not be voided: send the same request again, and give no discount until it is answered.`,
      { cause: error },
    );
  }
  return timedOutView(waited, request);
}
