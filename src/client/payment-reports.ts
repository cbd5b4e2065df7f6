/** Reports a captured or voided payment to a sale, also after the sale has ended. Every report may be repeated. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { isLateCapture, PaymentFacts } from '../domain/payment-facts.ts';
import type { SaleId } from '../domain/sale-id.ts';
import type { RunType } from '../domain/temporal-names.ts';
import type { Program } from '../programs/programs.ts';
import type { PaymentEvent } from '../schemas/redemption.ts';
import type { Outcome } from '../workflows/messages.ts';
import { handleOf, runsOf } from './runs.ts';
import { startFollowUp } from './start-follow-up.ts';

/** @throws RedemptionError `unknown-redemption`, `ended-by-force` */
export async function reportCapture(
  temporal: Client,
  program: Program,
  sale: SaleId,
  event: PaymentEvent,
): Promise<void> {
  if (await signalled(temporal, 'redemption', 'paymentCaptured', sale, event)) return;
  const runs = await runsOf(temporal, sale);
  const { view, outcome } = runs[0];
  if (runs.length > 1 || outcome?.kind !== 'compensated' || outcome.order === undefined) return;
  if (!isLateCapture(outcome.voided, event)) return;
  const { order, fulfils, notifies } = outcome;
  const { paymentId = '', amount } = event;
  const captured = [...(outcome.captured ?? []), { paymentId, amount }];
  const start = { ended: view, order, fulfils, captured, notifies };
  await startFollowUp(temporal, program, 'case', start);
}

/** @throws RedemptionError `unknown-redemption`, `ended-by-force` */
export async function reportVoid(
  temporal: Client,
  program: Program,
  sale: SaleId,
  event: PaymentEvent,
): Promise<void> {
  if (await signalled(temporal, 'redemption', 'paymentVoided', sale, event)) return;
  let latest = (await runsOf(temporal, sale)).at(-1);
  if (latest?.type === 'case' && latest.outcome === undefined) {
    if (await signalled(temporal, 'case', 'paymentVoided', sale, event)) return;
    // It has closed since it was read, so what it ended as decides.
    latest = (await runsOf(temporal, sale)).at(-1);
  }
  if (latest?.outcome?.kind !== 'completed' || latest.type === 'reversal') return;
  const { order, fulfils, notifies } = latest.outcome;
  if (order === undefined || !isVoidedBy(latest.outcome, event)) return;
  const start = { ended: latest.view, order, fulfils, notifies };
  await startFollowUp(temporal, program, 'reversal', start);
}

/**
 * Decides by the same fold as the run did while it was open: a void of another payment attempt voids nothing as long as a
 * capture stands. No more than the outcome is known, so voids that came after the end are not added up.
 */
function isVoidedBy({ captured = [], voided }: Outcome, event: PaymentEvent): boolean {
  const facts = PaymentFacts.after(captured);
  for (const [index, paymentId] of voided.entries())
    facts.record('voided', { eventId: String(index), paymentId });
  // Its own id could be one of those numbers.
  facts.record('voided', { ...event, eventId: 'now' });
  // How many attempts the program allows matters only while nothing is captured, and a sale that is completed was paid.
  return facts.outcome('one') === 'voided';
}

/** Sends the signal. Returns false if the run is closed, or was never started. */
async function signalled(
  temporal: Client,
  type: RunType,
  signal: 'paymentCaptured' | 'paymentVoided',
  sale: SaleId,
  event: PaymentEvent,
): Promise<boolean> {
  try {
    await handleOf(temporal, type, sale).signal(signal, event);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
