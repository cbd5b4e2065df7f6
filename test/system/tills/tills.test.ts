/** A short run of what `npm run tills` does for a minute. */
import { expect, it } from 'vitest';
import { faultsOf } from './report.ts';
import { runTills } from './run.ts';

it('twenty tills have their answers while the gateway is stopped and replaced, and the ledger is exact', async () => {
  const report = await runTills({ tills: 20, seconds: 6 });
  expect(faultsOf(report, false)).toEqual([]);
  expect(report.tally.sales.length).toBeGreaterThan(20);
}, 120_000);
