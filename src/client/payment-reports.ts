/** Reports a captured or voided payment to a sale, also after the sale has ended. Every report may be repeated. */
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { PaymentFacts } from '../domain/payment-facts.ts';
import type { TimelineEntry } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import type { Program } from '../programs/programs.ts';
import type { PaymentEvent } from '../schemas/redemption.ts';
import type { FollowUpStart, Outcome } from '../workflows/messages.ts';
import { handleOf, mainRunsOf, runsOf, type Run } from './runs.ts';
import { startFollowUp } from './start-follow-up.ts';

/** @throws RedemptionError `unknown-redemption`, `ended-by-force` */
export async function reportCapture(
  temporal: Client,
  program: Program,
  sale: SaleId,
  event: PaymentEvent,
): Promise<void> {
  await report(temporal, program, sale, 'captured', event);
}

/** @throws RedemptionError `unknown-redemption`, `ended-by-force` */
export async function reportVoid(
  temporal: Client,
  program: Program,
  sale: SaleId,
  event: PaymentEvent,
): Promise<void> {
  await report(temporal, program, sale, 'voided', event);
}

/** Tells the run that is open, or starts what follows. If the run closes meanwhile, what it ended as decides. */
async function report(
  temporal: Client,
  program: Program,
  sale: SaleId,
  kind: 'captured' | 'voided',
  event: PaymentEvent,
): Promise<void> {
  if (await signalled(handleOf(temporal, 'redemption', sale), kind, event)) return;
  for (;;) {
    const runs = mainRunsOf(await runsOf(temporal, sale));
    const latest = runs.at(-1);
    if (latest === undefined) return;
    if (latest.outcome === undefined) {
      if (await signalled(latest.handle, kind, event)) return;
      continue;
    }
    const facts = PaymentFacts.of(latest.outcome);
    const type = followUpOf(latest.type, latest.outcome.kind, facts, kind, event);
    if (type === undefined) return;
    const start = startOf(type, runs, latest, latest.outcome, facts);
    if (start === undefined) return;
    const isStarted = await startFollowUp(temporal, program, type, start);
    // A case that runs already must learn of this event, too.
    if (isStarted || type === 'reversal') return;
  }
}

/** Records the event, and decides by the same fold as the run did while it was open, over all that it knew. */
function followUpOf(
  type: Run['type'],
  ending: Outcome['kind'],
  facts: PaymentFacts,
  kind: 'captured' | 'voided',
  event: PaymentEvent,
): 'reversal' | 'case' | undefined {
  // How many attempts the program allows matters only while nothing is captured, and a sale that is completed was paid.
  const before = facts.outcome('one');
  const wasVoided = facts.voided.some((payment) => payment === '' || payment === event.paymentId);
  if (!facts.record(kind, event)) return undefined;
  const now = facts.outcome('one');
  if (ending === 'completed')
    return type !== 'reversal' && kind === 'voided' && now === 'voided' ? 'reversal' : undefined;
  if (ending !== 'compensated') return undefined;
  // The case remembers a void whose capture may follow.
  if (kind === 'voided') return wasVoided || now === 'captured' ? undefined : 'case';
  // An operator has decided about the payment that stood when a case ended.
  return now === 'captured' && !(type === 'case' && before === 'captured') ? 'case' : undefined;
}

/** Hands on all that is known. Returns `undefined` if no deduction was attempted, so that there is nothing to follow. */
function startOf(
  type: 'reversal' | 'case',
  runs: readonly Run[],
  { type: latest, view }: Run,
  { order, fulfils, notifies, basket, isAgain, triedAgain, watched }: Outcome,
  facts: PaymentFacts,
): FollowUpStart | undefined {
  if (order === undefined) return undefined;
  const earlier = sinceTheCase(runs);
  const isNamedAnew = type === 'case' ? latest !== 'redemption' : isAgain;
  return {
    ended: view,
    order,
    fulfils,
    notifies,
    ...facts.handedOn,
    ...(basket !== undefined && { basket }),
    ...(isNamedAnew && { isAgain: true }),
    ...(triedAgain !== undefined && { triedAgain }),
    ...(watched !== undefined && { watched }),
    ...(earlier.length > 0 && { earlier }),
  };
}

/** What the latest case tells, and what has followed it. */
function sinceTheCase(runs: readonly Run[]): TimelineEntry[] {
  const first = runs.findIndex(({ type }) => type === 'case');
  return first < 0 ? [] : runs.slice(first).flatMap(({ view: { timeline } }) => timeline);
}

/** Sends the signal. Returns false if the run is closed, or was never started. */
async function signalled(
  handle: WorkflowHandle,
  kind: 'captured' | 'voided',
  event: PaymentEvent,
): Promise<boolean> {
  try {
    await handle.signal(kind === 'captured' ? 'paymentCaptured' : 'paymentVoided', event);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
