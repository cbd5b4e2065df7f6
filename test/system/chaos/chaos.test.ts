/** Short runs of what `npm run chaos` does at length. */
import { describe, expect, it } from 'vitest';
import { commandOf, describeViolations } from './report.ts';
import { runChaos, type ChaosOptions } from './run.ts';

const LIMIT_MS = 400_000;

async function survive(options: ChaosOptions): Promise<void> {
  const report = await runChaos(options);
  expect(describeViolations(report), commandOf(report)).toEqual([]);
  expect(report.sales).toHaveLength(options.redemptions);
  // Chaos in which nothing works shows nothing.
  expect(report.sales.some(({ view }) => view.status === 'completed')).toBe(true);
  expect(report.strikes).toBeGreaterThan(0);
}

// Seeds that let half of the sales be paid for, so that some are completed however many are struck.
// Two at a time: each is a server, a sandbox and two workers, and sales that have seconds.
describe('no point is lost, doubled or overspent, and every status is true, with workers', () => {
  it.concurrent('that are killed, and faults at every call', { timeout: LIMIT_MS }, () =>
    survive({ kind: 'kills', seed: 42, redemptions: 25, concurrency: 12 }),
  );
  it.concurrent(
    'that are killed every few seconds, all through forty redemptions',
    { timeout: LIMIT_MS },
    () => survive({ kind: 'kills-only', seed: 2, redemptions: 40, concurrency: 5 }),
  );
});

describe('the same holds with faults at every call', () => {
  it.concurrent('and a Temporal server that is killed and comes back', { timeout: LIMIT_MS }, () =>
    survive({ kind: 'server-restarts', seed: 46, redemptions: 20, concurrency: 10 }),
  );
  it.concurrent('and workers whose clocks jump by minutes', { timeout: LIMIT_MS }, () =>
    survive({ kind: 'skip-clocks', seed: 42, redemptions: 20, concurrency: 10 }),
  );
});
