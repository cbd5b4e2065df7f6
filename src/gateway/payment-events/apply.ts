/** Applies an event to its redemption, and decides whether its sender has to send it again. */
import type { FastifyBaseLogger } from 'fastify';
import type { RedemptionClient } from '../../client/redemption-client.ts';
import type { SaleId } from '../../domain/sale-id.ts';
import type { Status } from '../../domain/statuses.ts';
import { answerInTime } from '../answer-in-time.ts';
import { problemOf } from '../problems.ts';
import type { PaymentSource } from './sources.ts';
import type { About, Meaning } from './translation.ts';

export type Redemptions = Pick<RedemptionClient, 'capture' | 'void' | 'status'>;

/** After one of the last three, a repetition may succeed later. */
export type Effect =
  | 'applied'
  | 'recorded'
  | 'ignored'
  | 'not-applied'
  | 'unknown-redemption'
  | 'not-captured-yet'
  | 'unavailable';

/** Shorter than the vendors' limits of ten seconds and more. The event may still be applied after this time. */
const ANSWER_MS = 8_000;

/** Applies an event, and logs one line about it with its ids and effect, and never its content. */
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
  const { redemptionId } = meaning;
  const sale = { ...line, program, redemptionId, paymentId: event.paymentId };
  if (program === undefined || !source.programs.includes(program)) {
    log.warn(sale, 'payment event not applied: the source does not name its program');
    return 'not-applied';
  }
  if (kind === 'recorded') {
    log.warn({ ...sale, why: meaning.why }, 'payment event recorded');
    return 'recorded';
  }
  const effect = await report(redemptions, { program, redemptionId }, meaning.event, kind);
  if (effect === 'applied') log.info(sale, 'payment event applied');
  else log.warn({ ...sale, effect }, 'payment event not applied');
  return effect;
}

function programOf({ program }: About, { programs }: PaymentSource): string | undefined {
  return program ?? (programs.length === 1 ? programs[0] : undefined);
}

async function report(
  redemptions: Redemptions,
  sale: SaleId,
  event: About['event'],
  kind: 'captured' | 'voided' | 'refunded',
): Promise<Effect> {
  const verb = kind === 'captured' ? 'capture' : 'void';
  try {
    if (kind === 'refunded' && (await isUnpaid(redemptions, sale))) return 'not-captured-yet';
    await answerInTime(ANSWER_MS, redemptions[verb](sale, event));
    return 'applied';
  } catch (error) {
    const problem = problemOf(error).kind;
    if (problem === 'unknown-redemption' || problem === 'unavailable') return problem;
    // A repetition cannot change a run that was ended by force, so only the log reports it.
    if (problem === 'ended-by-force') return 'not-applied';
    throw error;
  }
}

/** Returns whether the capture is unknown. A refund that overtook its capture would count as a cancelled payment. */
async function isUnpaid(redemptions: Redemptions, sale: SaleId): Promise<boolean> {
  const { status } = await answerInTime(ANSWER_MS, redemptions.status(sale));
  return UNPAID.includes(status);
}

const UNPAID: readonly Status[] = [
  'checking-balance',
  'deducting',
  'resolving-deduction',
  'awaiting-payment',
];
