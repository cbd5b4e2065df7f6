/** Sends an operator's acts to sales that need attention. */
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { rootCause } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { resolutionKinds, type Act, type Resolution } from '../domain/acts.ts';
import { RedemptionError } from '../domain/errors.ts';
import type { SaleId } from '../domain/sale-id.ts';
import { formatDuration } from '../schemas/duration.ts';
import { idSchema } from '../schemas/redemption.ts';
import { isTimeout, withinDeadline } from '../temporal/connection.ts';
import { withoutContent } from '../temporal/without-content.ts';
import { searchAttributes } from '../workflows/search-attributes.ts';
import { parseAs } from './request-check.ts';
import { runsOf, tellingRunOf } from './runs.ts';

/** Leaves time for the look-up of an adopted reference at the provider. */
const ANSWER_LIMIT_MS = 65_000;

const text = z.string().min(1, 'must not be empty').max(200, 'must be at most 200 characters');
const actSchema = z.strictObject({
  by: text,
  why: text,
  program: idSchema.optional(),
  redemptionId: idSchema.optional(),
}) satisfies z.ZodType<Act>;
const resolutionSchema = actSchema.extend({
  resolution: z.enum(resolutionKinds, { error: `must be one of ${resolutionKinds.join(', ')}` }),
  reference: z.string().min(1).max(128).optional(),
}) satisfies z.ZodType<Resolution>;

/** @throws RedemptionError `invalid-request` */
export function checkResolution(input: unknown): Resolution {
  return parseAs(resolutionSchema, input);
}

/** @throws RedemptionError `refused` when nothing waits, and as `status` */
export async function retryOne(temporal: Client, sale: SaleId, act: Act): Promise<void> {
  await update(temporal, sale, 'retry', parseAs(actSchema, act));
}

/** @throws RedemptionError `refused` when the resolution does not fit the sale, and as `status` */
export async function resolveOne(
  temporal: Client,
  sale: SaleId,
  resolution: Resolution,
): Promise<void> {
  await update(temporal, sale, 'resolve', checkResolution(resolution));
}

/** How many sales were retried, and how many had ended when their turn came. */
export interface RetriedAll {
  readonly retried: number;
  readonly ended: number;
}

/** Sends `retry` to every sale that needs attention and that the visibility query finds. */
export async function retryAll(
  temporal: Client,
  query: string,
  act: Act,
  told: (count: number) => void,
): Promise<RetriedAll> {
  const payload = parseAs(actSchema, act);
  let retried = 0;
  let ended = 0;
  for await (const { workflowId } of withoutContent(temporal).workflow.list({
    query: waitingAmong(query),
  })) {
    try {
      await temporal.workflow.getHandle(workflowId).signal('retry', payload);
      told((retried += 1));
    } catch (error) {
      // Search is a moment behind, and a sale may end in another way while the others are retried.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      ended += 1;
    }
  }
  return { retried, ended };
}

/** Returns how many sales {@link retryAll} would reach now. */
export async function countWaiting(temporal: Client, query: string): Promise<number> {
  return (await temporal.workflow.count(waitingAmong(query))).count;
}

function waitingAmong(query: string): string {
  const waiting = `ExecutionStatus = 'Running' AND ${searchAttributes.status.name} = 'needs-attention'`;
  return query === '' ? waiting : `${waiting} AND (${query})`;
}

async function update(
  temporal: Client,
  sale: SaleId,
  name: 'retry' | 'resolve',
  payload: Act | Resolution,
): Promise<void> {
  const until = Date.now() + ANSWER_LIMIT_MS;
  const latest = tellingRunOf(await withinDeadline(temporal, until, () => runsOf(temporal, sale)));
  if (latest.outcome !== undefined)
    throw new RedemptionError(
      'refused',
      `The redemption has ended (${latest.view.status}), so there is nothing to retry or resolve.`,
    );
  try {
    await withinDeadline(temporal, until, () =>
      latest.handle.executeUpdate<void, [Act | Resolution]>(name, {
        args: [{ ...payload, actId: randomUUID() }],
      }),
    );
  } catch (error) {
    // It closed since it was read.
    if (error instanceof WorkflowNotFoundError)
      throw new RedemptionError(
        'refused',
        'The redemption has ended in the meantime and waits for no operator: look at its status.',
        { cause: error },
      );
    if (error instanceof WorkflowUpdateFailedError)
      throw new RedemptionError('refused', `Refused: ${rootCause(error.cause) ?? error.message}.`, {
        cause: error,
      });
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isTimeout(error))
      throw new RedemptionError(
        'unavailable',
        `There was no answer within ${formatDuration(ANSWER_LIMIT_MS)}, so it is not known whether it was done: check that Temporal can be reached and that a worker is running (npm run worker), then look at the status before you try again.`,
        { cause: error },
      );
    throw error;
  }
}
