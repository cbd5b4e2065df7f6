import { ActivityFailure, sleep } from '@temporalio/workflow';
import type { DeductionOrder, FoundDeduction, UnreadableDeduction } from '../domain/orders.ts';
import { findDeduction } from './activities.ts';
import type { Progress } from './progress.ts';
import type { Declined, Deducted, DeductionWindow } from './step-result.ts';

/** A look-up, or one that failed. */
type Found = FoundDeduction | UnreadableDeduction;

const FIRST_PAUSE_MS = 1_000;
/** Leaves time for the last look-up before *deduct by*, so that the till learns its result. */
const LOOK_MS = 500;

/**
 * Finds out what became of a deduction with an unknown outcome. It sends nothing again: it looks for the deduction over the
 * settling time, and if the result is unclear, a person decides.
 */
export async function resolveDeduction(
  progress: Progress,
  order: DeductionOrder,
  window: DeductionWindow,
  { message }: { readonly message: string },
): Promise<Deducted | Declined> {
  for (;;) {
    progress.move('resolving-deduction', { message });
    const found = await lookOverSettlingTime(order, window);
    if (found.kind === 'found' && found.applied) return { ...found, kind: 'deducted' };
    if (found.kind === 'not-found') return notFound(message);
    const answer = await progress.needAttention(
      found.kind === 'found' ? 'deduction-not-applied' : 'deduction-unknown',
      { detail: detailOf(found) ?? message, order },
    );
    if (answer?.kind === 'adopt') {
      const { reference, balance } = answer;
      return {
        kind: 'deducted',
        reference,
        ...(balance !== undefined && { balance }),
        isAdopted: true,
      };
    }
    if (answer?.kind === 'not-deducted') return notFound('an operator found nothing deducted');
  }
}

/** Returns what the last look-up found, or `unreadable` when it failed. */
async function lookOverSettlingTime(
  order: DeductionOrder,
  window: DeductionWindow,
): Promise<Found> {
  const until = Date.now() + Math.max(0, Math.min(order.settlingMs, window.leftMs() - LOOK_MS));
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
    const seen = await look(order);
    const leftMs = until - Date.now();
    const isSettled = seen.kind === 'ambiguous' || (seen.kind === 'found' && seen.applied);
    if (isSettled || leftMs <= 0) return seen;
    await sleep(Math.min(pauseMs, leftMs), { summary: 'pause before the next look-up' });
  }
}

async function look(order: DeductionOrder): Promise<Found> {
  try {
    return await findDeduction(order);
  } catch (error) {
    if (error instanceof ActivityFailure) return { kind: 'unreadable' };
    throw error;
  }
}

function notFound(message: string): Declined {
  return { kind: 'declined', reason: 'provider-failed', message, mayLandLate: true };
}

/** Returns what the look-up itself says about a deduction that is in doubt. */
export function detailOf(found: Found): string | undefined {
  if (found.kind === 'found') return found.detail;
  if (found.kind === 'unreadable') return found.message;
  if (found.kind !== 'ambiguous') return undefined;
  return `these cannot be told apart from this redemption: ${found.references.join(', ')}`;
}
