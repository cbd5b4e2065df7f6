/** How long the namespace keeps closed runs: so long does a repeated request find its first one. */
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { RedemptionError } from '../domain/errors.ts';
import { formatDuration } from '../schemas/duration.ts';

const DAY_MS = 86_400_000;

/** What `starter setup` sets, and what the worker warns below. */
export const RETENTION_MS = 30 * DAY_MS;

/** In milliseconds; `undefined` from a server that does not tell, as the time-skipping one. */
export async function retentionOf({
  workflowService,
  options,
}: Client): Promise<number | undefined> {
  const { config } = await workflowService.describeNamespace({ namespace: options.namespace });
  const seconds = config?.workflowExecutionRetentionTtl?.seconds;
  return seconds ? Number(seconds) * 1_000 : undefined;
}

/** Whether a repetition may come too late to be recognised. */
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
