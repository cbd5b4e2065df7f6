/** One run: everything goes wrong at once, then everything comes to rest, and the ledgers are asked. */
import { performance } from 'node:perf_hooks';
import { audit, type Ended, type Violation } from './audit.ts';
import { drive, type Driven } from './drive.ts';
import { faultsFor } from './faults.ts';
import { openHouse, type House } from './house.ts';
import { makePlan, type Plan } from './plan.ts';
import { Random } from './random.ts';
import type { FiredFault } from './sandbox.ts';
import { settle } from './settle.ts';
import type { Kind } from './trouble.ts';

export interface ChaosOptions {
  readonly kind: Kind;
  readonly seed: number;
  readonly redemptions: number;
  /** How many sales, or rushes of them, are under way at once. */
  readonly concurrency: number;
  readonly progress?: (what: string) => void;
}

export interface ChaosReport extends Omit<ChaosOptions, 'progress'> {
  /** Those that struck. */
  readonly faults: readonly FiredFault[];
  /** How often the house itself was struck: a worker killed, the server killed, a clock set. */
  readonly strikes: number;
  readonly sales: readonly Ended[];
  readonly violations: readonly Violation[];
  readonly seconds: number;
  /** Where the logs are; they are kept when there is a violation. */
  readonly folder: string;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const house = await openHouse(options.kind);
  try {
    const report = await Promise.race([runIn(house, options), house.ended]);
    if (report.violations.length === 0) house.removeLogs();
    return report;
  } finally {
    await house.stop();
  }
}

async function runIn(house: House, { progress = () => undefined, ...options }: ChaosOptions) {
  const { kind, seed, redemptions } = options;
  const { sandbox, folder } = house;
  const startedAt = performance.now();
  const plan = makePlan(seed, redemptions);
  await sandbox.furnish(plan.members, plan.sales);
  await sandbox.startFaults(faultsFor(kind, plan.members));
  // Chance of its own: how long the sales take must not change what they are.
  const trouble = house.startTrouble(new Random(~seed));
  const driven = await driveAll(house, plan, options.concurrency, progress);
  await trouble.stop();
  const faults = await sandbox.stopFaults();
  const sales = await settle(house, driven, progress);
  const violations = audit(plan.members, sales, await sandbox.ledger());
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return { ...options, faults, strikes: trouble.count, sales, violations, seconds, folder };
}

async function driveAll(
  house: House,
  { sales, visits }: Plan,
  concurrency: number,
  progress: (what: string) => void,
): Promise<Driven[]> {
  const driven: Driven[] = [];
  const waiting = [...visits].toReversed();
  const driveOn = async () => {
    for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
      driven.push(...(await Promise.all(visit.map((sale) => drive(house, sale)))));
      progress(`${driven.length} of ${sales.length} driven`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, driveOn));
  return driven;
}
