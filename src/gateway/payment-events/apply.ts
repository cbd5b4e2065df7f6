/** What becomes of an event: told to its redemption, or not, and whether its sender has to come again. */
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';
import { RedemptionError, type RedemptionClient } from '../../client.ts';
import type { About, Meaning } from './meaning.ts';
import type { PaymentSource } from './sources.ts';

export type Redemptions = Pick<RedemptionClient, 'capture' | 'void'>;

/** `unknown-redemption` and `unavailable` are the two that a later repetition may find otherwise. */
export type Effect =
  'applied' | 'recorded' | 'ignored' | 'not-applied' | 'unknown-redemption' | 'unavailable';

/** Vendors give up on an answer after ten seconds and more; the event may still be told after ours. */
const ANSWER_MS = 8_000;

/** Logs the one line that stays of an event: ids and what was made of it, never its content. */
export async function applyEvent(
  redemptions: Redemptions,
  source: PaymentSource,
  meaning: Meaning,
  log: FastifyBaseLogger,
): Promise<Effect> {
  const { kind, event } = meaning;
  const line = { source: source.id, eventId: event.eventId, kind };
  if (kind === 'ignored') {
    log.info({ ...line, why: meaning.why }, 'payment event ignored');
    return 'ignored';
  }
  const program = programOf(meaning, source);
  const sale = { ...line, program, redemptionId: meaning.redemptionId, paymentId: event.paymentId };
  if (program === undefined || !source.programs.includes(program)) {
    log.warn(sale, 'payment event not applied: the source does not name its program');
    return 'not-applied';
  }
  if (kind === 'recorded') {
    log.warn({ ...sale, why: meaning.why }, 'payment event recorded');
    return 'recorded';
  }
  const effect = await tell(redemptions, program, meaning, kind);
  if (effect === 'applied') log.info(sale, 'payment event applied');
  else log.warn({ ...sale, effect }, 'payment event not applied');
  return effect;
}

function programOf({ program }: About, { programs }: PaymentSource): string | undefined {
  return program ?? (programs.length === 1 ? programs[0] : undefined);
}

async function tell(
  redemptions: Redemptions,
  program: string,
  { redemptionId, event }: About,
  kind: 'captured' | 'voided',
): Promise<Effect> {
  const verb = kind === 'captured' ? 'capture' : 'void';
  const timer = new AbortController();
  try {
    const told = redemptions[verb](program, redemptionId, event).then(() => 'applied' as const);
    const late = delay(ANSWER_MS, 'unavailable' as const, { signal: timer.signal });
    return await Promise.race([told, late]);
  } catch (error) {
    return effectOf(error);
  } finally {
    timer.abort();
  }
}

/** @throws what is neither the sale's state nor Temporal's: a bug, which the server answers with 500 */
function effectOf(error: unknown): Effect {
  if (error instanceof RedemptionError) {
    if (error.code === 'unknown-redemption' || error.code === 'unavailable') return error.code;
    // The run was ended by force in Temporal: no repetition changes that, and the log tells it.
    if (error.code === 'ended-by-force') return 'not-applied';
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) return 'unavailable';
  throw error;
}
