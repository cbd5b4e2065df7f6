/** Operators who answer what waits for them: mostly with another try, and else with what they see at the provider. */
import pMap from 'p-map';
import { combinedView, runsOf } from '../../../src/client/runs.ts';
import type { Resolution } from '../../../src/domain/acts.ts';
import { RedemptionError, type RedemptionView } from '../../../src/index.ts';
import { movementsOf, type AuditedLedger } from './audit.ts';
import { askUntilAnswered, type Driven } from './drive.ts';
import type { Random } from './random.ts';
import type { ChaosStack } from './stack.ts';

const BY = { by: 'olivia', why: 'chaos' } as const;
const AT_ONCE = 10;

/**
 * Answers every sale that waits, once. Returns how many were answered. Points are taken again only when all is calm, because
 * what lands late then is a watch's under another id, which nobody here waits for.
 */
export async function attend(
  stack: ChaosStack,
  random: Random,
  driven: readonly Driven[],
  { isCalm }: { readonly isCalm: boolean },
): Promise<number> {
  // Drawn before anything is asked, so that a seed means the same answers in whatever order the sales are met.
  const drawn = driven.map((sale) => ({
    sale,
    retries: random.chance(0.5),
    pays: random.chance(0.5),
  }));
  const answered = await pMap(
    drawn,
    async ({ sale, retries, pays }) => {
      const { request } = sale.plan;
      const view = combinedView(await askUntilAnswered(() => runsOf(stack.temporal, request)));
      if (view.status !== 'needs-attention') return 0;
      return answer(stack, sale, view, { retries, takesAgain: pays && isCalm });
    },
    { concurrency: AT_ONCE },
  );
  return answered.reduce<number>((sum, count) => sum + count, 0);
}

async function answer(
  { clients: [client], sandbox }: ChaosStack,
  sale: Driven,
  view: RedemptionView,
  { retries, takesAgain }: { retries: boolean; takesAgain: boolean },
): Promise<number> {
  const { program, redemptionId } = sale.plan.request;
  const id = { program, redemptionId };
  const canRetry = view.acts?.includes('retry') ?? false;
  const resolution =
    retries && canRetry ? undefined : resolutionOf(sale, view, await sandbox.ledger(), takesAgain);
  try {
    if (resolution !== undefined)
      await askUntilAnswered(() => client.resolve(id, { ...BY, ...resolution }));
    else if (canRetry) await askUntilAnswered(() => client.retry(id, BY));
    else return 0;
    return 1;
  } catch (error) {
    // Something else settled it since it was read, or an answer to this very act was lost.
    if (error instanceof RedemptionError && error.code === 'refused') return 0;
    throw error;
  }
}

/** What an honest operator says who has looked at the provider. `undefined` where only another try helps. */
function resolutionOf(
  sale: Driven,
  { reason }: RedemptionView,
  ledger: AuditedLedger,
  takesAgain: boolean,
): Pick<Resolution, 'resolution' | 'reference'> | undefined {
  const movements = movementsOf(sale, ledger);
  const taken = movements.filter(({ kind }) => kind === 'deduct');
  const back = movements.filter(({ kind }) => kind === 'restore');
  switch (reason) {
    case 'deduction-unknown':
    case 'deduction-not-applied': {
      const reference = taken.at(-1)?.reference;
      return reference !== undefined && taken.length > back.length
        ? { resolution: 'adopt', reference }
        : { resolution: 'not-deducted' };
    }
    case 'restoration-refused':
    case 'restoration-not-applied':
      return back.length === taken.length ? { resolution: 'restored' } : undefined;
    case 'late-capture':
      return { resolution: takesAgain ? 'deduct-again' : 'accept' };
    case 'discount-not-applied':
      return { resolution: 'accept' };
    case 'cancellation-refused':
      return hasGoods(sale, ledger) ? { resolution: 'accept' } : undefined;
    default:
      return undefined;
  }
}

/** The customer can keep only what was given. */
function hasGoods({ plan }: Driven, { fulfilments }: AuditedLedger): boolean {
  const { redemptionId } = plan.request;
  return fulfilments.some(
    (given) => given.redemptionId === redemptionId && given.state === 'fulfilled',
  );
}
