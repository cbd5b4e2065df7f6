/** Short runs of what `npm run tills` does for minutes. */
import { expect, it } from 'vitest';
import { faultsUnderAttack } from './attacked-report.ts';
import { runAttacked } from './attacked.ts';
import { faultsOf } from './report.ts';
import { runTills } from './run.ts';

it('twenty tills have their answers while the gateway is stopped and replaced, and the ledger is exact', async () => {
  const report = await runTills({ tills: 20, seconds: 6 });
  expect(faultsOf(report, false)).toEqual([]);
  expect(report.tally.sales.length).toBeGreaterThan(20);
}, 120_000);

it('beside an attacker every honest sale is granted, and nothing forged or squatted is accepted', async () => {
  const report = await runAttacked({
    tills: 4,
    seconds: 2,
    waits: 80,
    slowBodies: 10,
    forgedPerSecond: 100,
    squatsPerSecond: 10,
  });
  expect(faultsUnderAttack(report)).toEqual([]);
  expect(report.with.length).toBeGreaterThan(0);
  for (const { squats, waits } of report.attacks) {
    expect(Object.keys(squats)).toEqual(['403']);
    // Its store has 31 of the places.
    expect(waits['503']).toBeGreaterThan(0);
  }
  // Both attacks are within a minute, so that the budget of the first one is that of the second one too.
  expect(report.attacks.at(-1)?.forged['429']).toBeGreaterThan(0);
}, 120_000);
