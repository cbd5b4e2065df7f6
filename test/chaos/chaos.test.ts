/** A short run of what `npm run chaos` does at length. */
import { describe, expect, it } from 'vitest';
import { commandOf, describeViolations } from './report.ts';
import { runChaos } from './run.ts';

const LIMIT_MS = 400_000;

describe.concurrent('with faults at every call and workers that are killed', () => {
  it.each([1, 2])(
    'no point is lost, doubled or overspent (seed %i)',
    async (seed) => {
      const report = await runChaos({ kind: 'kills', seed, redemptions: 25, concurrency: 25 });
      expect(describeViolations(report), commandOf(report)).toEqual([]);
      expect(report.sales).toHaveLength(25);
      // Chaos in which nothing works shows nothing.
      expect(report.sales.some(({ view }) => view.status === 'completed')).toBe(true);
      expect(report.strikes).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
