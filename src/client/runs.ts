/** Reads the runs of one sale in Temporal, in the order in which they follow each other. */
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import { workflowIdOf, type RunType } from '../domain/temporal-names.ts';
import { DecryptionError, StrayError } from '../encryption/codec.ts';
import { formatDuration } from '../schemas/duration.ts';
import { isTimeout, withinDeadline } from '../temporal/connection.ts';
import { withoutContent } from '../temporal/without-content.ts';
import type { Outcome } from '../workflows/messages.ts';

const QUERY_LIMIT_MS = 5_000;

export interface Run {
  readonly type: RunType;
  readonly handle: WorkflowHandle;
  readonly view: RedemptionView;
  /** Absent while the run is open. */
  readonly outcome?: Outcome;
}

/** Returns the type of run that may follow this one. */
function followUpOf({ type, outcome }: Run): RunType | undefined {
  if (outcome?.kind === 'completed' && (type === 'redemption' || type === 'case'))
    return 'reversal';
  if (type !== 'redemption') return undefined;
  if (outcome?.kind === 'declined') return 'watch';
  return outcome?.kind === 'compensated' ? 'case' : undefined;
}

export function handleOf(temporal: Client, type: RunType, sale: SaleId): WorkflowHandle {
  return temporal.workflow.getHandle(workflowIdOf(type, sale));
}

/**
 * Returns the runs from the redemption to the latest one that followed it.
 * @throws RedemptionError `unknown-redemption`, `unavailable`, `ended-by-force`; `conflict` when a stray run has taken the id;
 *   `invalid-settings` when a run needs a key that this process does not have
 */
export async function runsOf(temporal: Client, sale: SaleId): Promise<[Run, ...Run[]]> {
  // A second deduction of one sale has a number behind its id, and leaves nothing but a watch.
  const type = sale.redemptionId.includes('~') ? 'watch' : 'redemption';
  const first = await readRun(temporal, type, sale);
  if (first === undefined)
    throw new RedemptionError(
      'unknown-redemption',
      `There is no redemption ${sale.redemptionId} in ${sale.program} so far: check the id and the program. If it was asked for just now, it may still be on its way: try again.`,
      { field: 'redemptionId' },
    );
  const runs: [Run, ...Run[]] = [first];
  for (let next = followUpOf(first); next !== undefined;) {
    const run = await readRun(temporal, next, sale);
    if (run === undefined) break;
    runs.push(run);
    next = followUpOf(run);
  }
  return runs;
}

/** Combines a sale and all that followed it into one view, as it stands now. */
export function combinedView(runs: readonly [Run, ...Run[]]): RedemptionView {
  const [first, ...others] = runs;
  return others.reduce(
    (combined, { view }) => ({ ...view, timeline: [...combined.timeline, ...view.timeline] }),
    first.view,
  );
}

/**
 * Waits until a redemption, and what has followed it by now, has ended.
 * @throws RedemptionError as {@link runsOf}; `unavailable` when it was not seen to end within `limitMs`
 */
export async function untilEnded(
  temporal: Client,
  sale: SaleId,
  limitMs: number,
): Promise<RedemptionView> {
  const until = Date.now() + limitMs;
  for (;;) {
    const runs = await withinDeadline(temporal, until, () => runsOf(temporal, sale));
    // A watch may run for days on a sale that is over for everybody else, so it is not waited for.
    const open = runs.find(
      ({ type, outcome, view }) =>
        outcome === undefined && !(type === 'watch' && view.status === 'declined'),
    );
    if (open === undefined) return combinedView(runs);
    try {
      await withinDeadline(temporal, until, () => open.handle.result());
    } catch (error) {
      if (isTimeout(error))
        throw new RedemptionError(
          'unavailable',
          `${open.handle.workflowId} was not seen to end within ${formatDuration(limitMs)}: check its status, or wait again.`,
          { cause: error },
        );
      // If the run ended in another way, its status says so in the next round.
    }
  }
}

const NOT_OURS = 'not started by a process of ours: an operator has to look at it in Temporal.';

/** Says what somebody without the keys has done, whose run answers in the place of ours. */
function strayRun(type: RunType, sale: SaleId, cause: StrayError): RedemptionError {
  return type === 'redemption'
    ? strayRedemption(sale, cause)
    : new RedemptionError(
        'ended-by-force',
        `${workflowIdOf(type, sale)} follows the redemption and was ${NOT_OURS}`,
        { cause },
      );
}

/** Tells a till whose id was taken by somebody who reaches Temporal, and has no key, what was seen. */
export function strayRedemption({ redemptionId }: SaleId, cause?: StrayError): RedemptionError {
  return new RedemptionError(
    'conflict',
    `The run under redemptionId ${redemptionId} was not started by a process that has the keys, so it redeemed nothing, and nothing can be redeemed under this id: use a new redemptionId for this sale, and tell an operator, because somebody reaches Temporal who should not.`,
    { field: 'redemptionId', cause },
  );
}

async function readRun(temporal: Client, type: RunType, sale: SaleId): Promise<Run | undefined> {
  const handle = handleOf(temporal, type, sale);
  try {
    const { workflowId } = handle;
    const run = await withoutContent(temporal).workflow.getHandle(workflowId).describe();
    const { status } = run;
    if (run.type !== type)
      throw new RedemptionError(
        'ended-by-force',
        `${workflowId} is a run of another type, which was ${NOT_OURS}`,
      );
    if (status.name === 'RUNNING' || status.name === 'PAUSED')
      return { type, handle, view: await query(temporal, handle) };
    if (status.name === 'COMPLETED') {
      const outcome = (await handle.result()) as Outcome;
      return { type, handle, view: outcome.redemption, outcome };
    }
    throw new RedemptionError(
      'ended-by-force',
      `${workflowId} was ended by force in Temporal (${status.name.toLowerCase()}) and can give nothing back: check at the provider whether points are missing.`,
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    if (error instanceof StrayError) throw strayRun(type, sale, error);
    if (error instanceof DecryptionError)
      throw new RedemptionError('invalid-settings', error.message, { cause: error });
    throw error;
  }
}

async function query(temporal: Client, handle: WorkflowHandle): Promise<RedemptionView> {
  try {
    return await withinDeadline(temporal, Date.now() + QUERY_LIMIT_MS, () =>
      handle.query<RedemptionView>('status'),
    );
  } catch (error) {
    if (!isTimeout(error)) throw error;
    throw new RedemptionError(
      'unavailable',
      `There was no answer within ${formatDuration(QUERY_LIMIT_MS)}: check that Temporal can be reached and that a worker is running (npm run worker), then try again.`,
      { cause: error },
    );
  }
}
