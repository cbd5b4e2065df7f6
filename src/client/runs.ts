/** Reads the runs of one sale in Temporal, in the order in which they follow each other. */
import { WorkflowNotFoundError, type Client, type WorkflowHandle } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import type { SaleId } from '../domain/sale-id.ts';
import { reversalName, workflowIdOf, type RunType } from '../domain/temporal-names.ts';
import { DecryptionError, StrayError } from '../encryption/codec.ts';
import { formatDuration } from '../schemas/duration.ts';
import { isTimeout, withinDeadline } from '../temporal/connection.ts';
import { withoutContent } from '../temporal/without-content.ts';
import type { Outcome } from '../workflows/messages.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';

const QUERY_LIMIT_MS = 5_000;

export interface Run {
  readonly type: RunType;
  readonly handle: WorkflowHandle;
  readonly view: RedemptionView;
  /** Absent while the run is open. */
  readonly outcome?: Outcome;
}

/** Returns where the run that may follow this one would be, or `undefined` if none may. */
function nextAfter(
  sale: SaleId,
  { type, outcome }: Run,
): { readonly type: RunType; readonly id: SaleId } | undefined {
  if (outcome === undefined || type === 'watch') return undefined;
  switch (outcome.kind) {
    case 'completed': {
      if (type === 'reversal') return undefined;
      const { isAgain, order = sale } = outcome;
      return { type: 'reversal', id: reversalName({ isAgain, ended: sale, order }) };
    }
    case 'compensated':
      return { type: 'case', id: sale };
    case 'declined':
      return type === 'redemption' ? { type: 'watch', id: sale } : undefined;
  }
}

export function handleOf(temporal: Client, type: RunType, sale: SaleId): WorkflowHandle {
  return temporal.workflow.getHandle(workflowIdOf(type, sale));
}

/**
 * Returns the runs from the redemption to the latest one that followed it, and then the watches for what its cases deducted.
 * @throws RedemptionError `unknown-redemption`, `unavailable`, `ended-by-force`; `conflict` when a stray run has taken the id;
 *   `invalid-settings` when a run needs a key that this process does not have
 */
export async function runsOf(temporal: Client, sale: SaleId): Promise<[Run, ...Run[]]> {
  const first = await firstRun(temporal, sale);
  if (first === undefined)
    throw new RedemptionError(
      'unknown-redemption',
      `There is no redemption ${sale.redemptionId} in ${sale.program} so far: check the id and the program. If it was asked for just now, it may still be on its way: try again.`,
      { field: 'redemptionId' },
    );
  const runs: [Run, ...Run[]] = [first];
  for (let latest: Run = first; ;) {
    const next = isNumbered(sale) ? undefined : nextAfter(sale, latest);
    // A case that follows a case takes its name, so the one that was read is the latest.
    if (next === undefined || runs.some(({ type }) => type === 'case' && type === next.type)) break;
    const run = await readRun(temporal, next.type, next.id);
    if (run === undefined) break;
    runs.push(run);
    latest = run;
  }
  for (const redemptionId of await watchedBy(temporal, runs)) {
    const run = await readRun(temporal, 'watch', { ...sale, redemptionId });
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

/**
 * Returns the store of a sale, whatever became of it, and also while no worker is there. Returns `undefined` if there is no such
 * sale, or if search knows no store of it and its run cannot be read.
 */
export async function storeOf(temporal: Client, sale: SaleId): Promise<string | undefined> {
  const handle = handleOf(
    withoutContent(temporal),
    isNumbered(sale) ? 'watch' : 'redemption',
    sale,
  );
  try {
    const { typedSearchAttributes } = await handle.describe();
    const store = typedSearchAttributes.get(searchAttributes.store);
    if (store !== undefined) return store;
    const [{ view }] = await runsOf(temporal, sale);
    return view.store;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof RedemptionError)
      return undefined;
    throw error;
  }
}

/** A further deduction of one sale has a number behind its id. It leaves nothing but a watch, or a reversal. */
function isNumbered({ redemptionId }: SaleId): boolean {
  return redemptionId.includes('~');
}

async function firstRun(temporal: Client, sale: SaleId): Promise<Run | undefined> {
  if (!isNumbered(sale)) return readRun(temporal, 'redemption', sale);
  return (await readRun(temporal, 'watch', sale)) ?? readRun(temporal, 'reversal', sale);
}

/** Returns the ids of the deductions of a sale's cases that are watched for. */
async function watchedBy(temporal: Client, runs: readonly Run[]): Promise<readonly string[]> {
  const latest = runs.at(-1);
  if (latest?.type === 'case' && latest.outcome === undefined)
    return query(temporal, latest.handle, 'watched');
  return runs.findLast(({ outcome }) => outcome?.watched !== undefined)?.outcome?.watched ?? [];
}

/** Returns the runs that decide how the sale ends: a watch only gives back what was never part of it. */
export function mainRunsOf(runs: readonly [Run, ...Run[]]): [Run, ...Run[]] {
  const [first, ...others] = runs;
  return [first, ...others.filter(({ type }) => type !== 'watch')];
}

/** Returns the run that tells how the sale stands: of several, one that waits for an operator. */
export function tellingRunOf(runs: readonly [Run, ...Run[]]): Run {
  const [first, ...others] = runs;
  // The watch of the sale's own deduction follows it. Those of its cases stand beside them.
  const latest = others.findLast(({ type }, index) => type !== 'watch' || index === 0) ?? first;
  const waiting = [latest, ...others].find(
    ({ view, outcome }) => outcome === undefined && view.status === 'needs-attention',
  );
  return waiting ?? latest;
}

/** Combines a sale and all that followed it into one view, as it stands now. */
export function combinedView(runs: readonly [Run, ...Run[]]): RedemptionView {
  const { view } = tellingRunOf(runs);
  return { ...view, timeline: runs.flatMap(({ view: { timeline } }) => timeline) };
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
      return { type, handle, view: await query<RedemptionView>(temporal, handle, 'status') };
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

async function query<Answer>(
  temporal: Client,
  handle: WorkflowHandle,
  name: 'status' | 'watched',
): Promise<Answer> {
  try {
    return await withinDeadline(temporal, Date.now() + QUERY_LIMIT_MS, () =>
      handle.query<Answer>(name),
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
