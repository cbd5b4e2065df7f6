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

describe.concurrent('no point is lost, doubled or overspent, and every status is true', () => {
  it('with faults at every call and workers that are killed', { timeout: LIMIT_MS }, () =>
    survive({ kind: 'kills', seed: 1, redemptions: 25, concurrency: 12 }),
  );

  it(
    'with workers killed every few seconds, all through forty redemptions',
    { timeout: LIMIT_MS },
    () => survive({ kind: 'kills-only', seed: 2, redemptions: 40, concurrency: 5 }),
  );

  it(
    'with faults at every call and a Temporal server that is killed and comes back',
    { timeout: LIMIT_MS },
    () => survive({ kind: 'server-restarts', seed: 3, redemptions: 20, concurrency: 5 }),
  );

  it(
    'with faults at every call and workers whose clocks jump by minutes',
    { timeout: LIMIT_MS },
    () => survive({ kind: 'skip-clocks', seed: 4, redemptions: 20, concurrency: 5 }),
  );
});
