import { Context } from '@temporalio/activity';
import type { Finding, Restoration, RestorationOrder } from '../domain/orders.ts';
import { ProviderError } from '../loyalty/provider.ts';
import { servicesOf, type Dependencies } from './dependencies.ts';
import { isRefusedForLong } from './failing-looks.ts';
import { retryable } from './failures.ts';
import { heartbeating } from './heartbeat.ts';

/** The pauses between look-ups before a request is sent again. They add up to the settling time of 15 s. */
const SETTLING_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];

/** How long it may take until the points of an accepted restoration are seen. */
const APPLICATION_LIMIT_MS = 30_000;
const APPLICATION_POLL_MS = 1_000;

export function restorationActivities({
  programs,
  clock,
}: Pick<Dependencies, 'programs' | 'clock'>) {
  return {
    /**
     * Gives the whole deduction back. Temporal retries it without limit. An earlier attempt may have arrived, so every
     * attempt but the first looks for a restoration. It sends again only after look-ups over the settling time have found
     * nothing.
     */
    async restorePoints(order: RestorationOrder): Promise<Restoration> {
      const { provider } = servicesOf({ programs }, order.program);
      return heartbeating(async (signal, memory) => {
        const look: LookUp = {
          find: () => provider.findRestoration(order, order.reference, memory),
          now: () => clock.now(),
          pause: (milliseconds) => clock.sleep(milliseconds, signal),
        };
        try {
          if (order.isRepeated || Context.current().info.attempt > 1) {
            const earlier = await findEarlierRestoration(look).catch((error: unknown) =>
              unseen(error, isRefusedForLong(error, order.settlingMs, clock)),
            );
            if (earlier !== undefined) return earlier;
          }
          signal.throwIfAborted();
          const { reference } = await provider.restorePoints(
            order,
            order.reference,
            APPLICATION_LIMIT_MS,
          );
          return { kind: 'restored', reference };
        } catch (error) {
          return definite(error);
        }
      });
    },
  };
}

/** How the restoration of one order is looked for. */
interface LookUp {
  readonly find: () => Promise<Finding>;
  readonly now: () => number;
  /** Rejects when the activity is cancelled. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Asks a person if the look-up `cannotSucceed`, and otherwise lets Temporal retry it, without limit while there is no answer. */
function unseen(error: unknown, cannotSucceed: boolean): Restoration {
  if (!cannotSucceed) return retryable(error);
  return {
    kind: 'stuck',
    reason: 'restoration-unknown',
    message: `whether the points went back cannot be seen (${(error as ProviderError).message})`,
  };
}

function definite(error: unknown): Restoration {
  if (error instanceof ProviderError) {
    if (error.kind === 'refused')
      return { kind: 'stuck', reason: 'restoration-refused', message: error.message };
    if (error.kind === 'not-applied')
      return { kind: 'stuck', reason: 'restoration-not-applied', message: error.message };
  }
  return retryable(error);
}

/** Returns what became of an earlier attempt, or `undefined` if it left nothing behind. */
async function findEarlierRestoration(look: LookUp): Promise<Restoration | undefined> {
  for (const pauseMs of [...SETTLING_PAUSES_MS, 0]) {
    const finding = await look.find();
    if (finding.kind !== 'not-found') return untilApplied(finding, look);
    await look.pause(pauseMs);
  }
  return undefined;
}

/** Waits until the restoration that was found has moved the points. */
async function untilApplied(found: Finding, look: LookUp): Promise<Restoration> {
  const until = look.now() + APPLICATION_LIMIT_MS;
  for (let finding = found; ;) {
    if (finding.kind === 'ambiguous')
      return {
        kind: 'stuck',
        reason: 'restoration-doubled',
        message: `${finding.references.length} restorations were found where one was meant: ${finding.references.join(', ')}`,
      };
    if (finding.kind === 'found' && finding.applied)
      return { kind: 'restored', reference: finding.reference };
    if (look.now() >= until)
      return {
        kind: 'stuck',
        reason: 'restoration-not-applied',
        message:
          (finding.kind === 'found' ? finding.detail : undefined) ??
          'the restoration was accepted and its points were not seen to move',
      };
    await look.pause(APPLICATION_POLL_MS);
    finding = await look.find();
  }
}
