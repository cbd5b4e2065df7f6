/** One run: everything goes wrong at once, then everything comes to rest, and the ledgers are asked. */
import { audit, type Ended, type Violation } from './audit.ts';
import { drive, insist, type Driven } from './drive.ts';
import { faultsFor } from './faults.ts';
import { openHouse, type House } from './house.ts';
import { startKilling } from './killing.ts';
import { makePlan, type Plan } from './plan.ts';
import { Random } from './random.ts';
import { settle } from './settle.ts';

const SETTLE_LIMIT_MS = 300_000;

export interface ChaosOptions {
  readonly seed: number;
  readonly redemptions: number;
  /** How many sales, or rushes of them, are under way at once. */
  readonly concurrency: number;
  readonly progress?: (what: string) => void;
}

export interface ChaosReport extends Pick<ChaosOptions, 'seed' | 'redemptions'> {
  /** How many faults struck, by kind. */
  readonly faults: ReadonlyMap<string, number>;
  readonly kills: number;
  readonly sales: readonly Ended[];
  readonly violations: readonly Violation[];
  /** Where the logs are; they are kept when there is a violation. */
  readonly folder: string;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const house = await openHouse();
  try {
    const report = await Promise.race([runIn(house, options), house.ended]);
    if (report.violations.length === 0) house.removeLogs();
    return report;
  } finally {
    await house.stop();
  }
}

async function runIn(house: House, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, redemptions, progress = () => undefined } = options;
  const { sandbox, temporal, clients, folder, workers } = house;
  const plan = makePlan(seed, redemptions);
  await sandbox.furnish(plan.members, plan.sales);
  await sandbox.startFaults(faultsFor(plan.members));
  // Chance of its own: how long the sales take must not change what they are.
  const killing = startKilling(workers, new Random(~seed));
  const driven = await driveAll(house, plan, options);
  await killing.stop();
  const faults = await sandbox.stopFaults();
  const running = await settle(temporal, SETTLE_LIMIT_MS, progress);

  const sales: Ended[] = [];
  for (const sale of driven) {
    const { program, redemptionId } = sale.plan.request;
    sales.push({ ...sale, view: await insist(() => clients[0].status(program, redemptionId)) });
  }
  const violations = [
    ...running.map((id): Violation => ({ breach: 'stuck', what: `${id} does not come to an end` })),
    ...audit(plan.members, sales, await sandbox.ledger()),
  ];
  return { seed, redemptions, faults, kills: killing.kills, sales, violations, folder };
}

async function driveAll(
  house: House,
  { sales, visits }: Plan,
  { concurrency, progress = () => undefined }: ChaosOptions,
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
