/** One run: everything goes wrong at once, then everything comes to rest, and the ledgers are asked. */
import { performance } from 'node:perf_hooks';
import pMap from 'p-map';
import type { ArmedFault, SandboxClient } from '../../support/sandbox-client.ts';
import { audit, type Ended, type Violation } from './audit.ts';
import { drive, type Driven } from './drive.ts';
import { faultsFor } from './faults.ts';
import { attend } from './operators.ts';
import { makePlan, type Plan } from './plan.ts';
import { Random } from './random.ts';
import { settle } from './settle.ts';
import { startChaosStack, type ChaosStack } from './stack.ts';
import type { Kind } from './trouble.ts';

/** An answer may raise the next question, as a world that has come to rest does not for ever. */
const MOST_ROUNDS = 6;

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
  readonly faults: readonly ArmedFault[];
  /** How often the stack itself was struck: a worker killed, the server killed, a clock set. */
  readonly strikes: number;
  /** How often an operator answered a sale that waited. */
  readonly answers: number;
  readonly sales: readonly Ended[];
  readonly violations: readonly Violation[];
  readonly seconds: number;
  /** Where the logs are; they are kept when there is a violation. */
  readonly folder: string;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const stack = await startChaosStack(options.kind);
  try {
    const report = await Promise.race([runIn(stack, options), stack.ended]);
    if (report.violations.length === 0) stack.removeLogs();
    return report;
  } finally {
    await stack.stop();
  }
}

async function runIn(stack: ChaosStack, { progress = () => undefined, ...options }: ChaosOptions) {
  const { kind, seed, redemptions } = options;
  const { sandbox, folder } = stack;
  const startedAt = performance.now();
  const plan = makePlan(seed, redemptions);
  await prepare(sandbox, plan);
  for (const fault of faultsFor(kind, plan.members)) await sandbox.fault(fault);
  // Chance of its own: how long the sales take must not change what they are.
  const trouble = stack.startTrouble(new Random(~seed));
  const driven = await driveAll(stack, plan, options.concurrency, progress);
  // Operators' own chance, for the same reason.
  const chance = new Random(seed ^ 0x0b5e);
  let answers = await attend(stack, chance, driven, { isCalm: false });
  await trouble.stop();
  const faults = (await sandbox.faults()).filter(({ fired }) => fired > 0);
  await sandbox.clearFaults();
  let sales = await settle(stack, driven, progress);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const given = await attend(stack, chance, driven, { isCalm: true });
    if (given === 0) break;
    answers += given;
    sales = await settle(stack, driven, progress);
  }
  const violations = audit(plan.members, sales, await sandbox.ledger());
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return {
    ...options,
    faults,
    strikes: trouble.count,
    answers,
    sales,
    violations,
    seconds,
    folder,
  };
}

async function prepare(sandbox: SandboxClient, { members, sales }: Plan): Promise<void> {
  await sandbox.seedMembers(
    members.map(({ program, memberId, aliases, points }) => ({
      program,
      memberId,
      aliases: [...aliases],
      points,
    })),
  );
  for (const { request, paymentStatus: status } of sales)
    if (status !== undefined)
      await sandbox.payment(request.program, request.redemptionId, { status });
}

async function driveAll(
  stack: ChaosStack,
  { sales, visits }: Plan,
  concurrency: number,
  progress: (what: string) => void,
): Promise<Driven[]> {
  let count = 0;
  const driven = await pMap(
    visits,
    async (visit) => {
      const own = await Promise.all(visit.map((sale) => drive(stack, sale)));
      count += own.length;
      progress(`${count} of ${sales.length} driven`);
      return own;
    },
    { concurrency },
  );
  return driven.flat();
}
