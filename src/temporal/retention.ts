/** The time for which a namespace keeps closed runs, and so for which a repeated request is recognised. */
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { RedemptionError } from '../domain/errors.ts';
import { formatDuration } from '../schemas/duration.ts';

const DAY_MS = 86_400_000;

/** `starter setup` raises the retention to this, and the worker warns below it. */
export const RETENTION_MS = 30 * DAY_MS;

/** Returns milliseconds, or `undefined` if the server does not say, like the one that skips time. */
export async function retentionOf({
  workflowService,
  options,
}: Client): Promise<number | undefined> {
  const { config } = await workflowService.describeNamespace({ namespace: options.namespace });
  const seconds = config?.workflowExecutionRetentionTtl?.seconds;
  return seconds ? Number(seconds) * 1_000 : undefined;
}

/** Returns whether the retention is shorter than the one that `starter setup` sets. */
export function isTooShort(retentionMs: number | undefined): retentionMs is number {
  return retentionMs !== undefined && retentionMs < RETENTION_MS;
}

export async function setRetention(
  { workflowService, options }: Client,
  retentionMs: number,
): Promise<void> {
  await workflowService.updateNamespace({
    namespace: options.namespace,
    config: { workflowExecutionRetentionTtl: msToTs(retentionMs) },
  });
}

/**
 * Refuses a sale older than the retention minus one day: its first run may have been deleted, so a repetition could not
 * be recognised. Below two days of retention the limit is half of it. @throws RedemptionError `invalid-request`
 */
export function refuseOldSale(saleTime: string, retentionMs: number | undefined): void {
  if (retentionMs === undefined) return;
  const oldestMs = Math.max(retentionMs - DAY_MS, retentionMs / 2);
  const ageMs = Date.now() - Date.parse(saleTime);
  if (ageMs <= oldestMs) return;
  throw new RedemptionError(
    'invalid-request',
    `saleTime is more than ${formatDuration(oldestMs)} ago, too long for a repeated request to be recognised: reverse an older sale at the provider, or start a new one.`,
    { field: 'saleTime' },
  );
}
