/** Waits until every run has ended, or waits for an operator. */
import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { searchAttributes } from '../../src/workflows/search-attributes.ts';

const PAUSE_MS = 1_000;

/**
 * Returns the ids of what still runs when the limit has passed. A member's turn is no run of a sale: it frees itself.
 */
export async function settle(
  temporal: Client,
  limitMs: number,
  progress: (what: string) => void,
): Promise<string[]> {
  const until = Date.now() + limitMs;
  // Twice, for what is listed is a moment behind: a run may have started another one.
  for (let quiet = 0; ;) {
    const running = await listRunning(temporal);
    progress(`${running.length} still run`);
    quiet = running.length === 0 ? quiet + 1 : 0;
    if (quiet === 2 || Date.now() > until) return running;
    await delay(PAUSE_MS);
  }
}

async function listRunning(temporal: Client): Promise<string[]> {
  const running: string[] = [];
  const query = `ExecutionStatus = 'Running' AND WorkflowType != 'memberTurn'`;
  for await (const run of temporal.workflow.list({ query }))
    if (run.typedSearchAttributes.get(searchAttributes.status) !== 'needs-attention')
      running.push(run.workflowId);
  return running;
}
