/** The rounds: in each, every row has its turn, in an order of its own. */
import { costOf, sumOf } from '../test/support/cost.ts';
import { Random } from '../test/system/chaos/random.ts';
import type { Figure, Measured } from './figures.ts';
import { runLoad, type Sample } from './load.ts';
import { memoryOfWaiting } from './memory.ts';
import type { Row } from './rows.ts';
import type { BenchStack, RunningWorker, WorkerKind } from './stack.ts';
import { percentile } from './statistics.ts';

export interface Plan {
  readonly rounds: number;
  readonly sales: { readonly one: number; readonly twenty: number; readonly hundred: number };
  /** In how many of the rounds a hundred sell at once. */
  readonly hundredRounds: number;
  /** Sales that wait for their payment while memory is measured. */
  readonly waiting: number;
}

export type Progress = (text: string) => void;

const WARM_UP = { sales: 20, atOnce: 20 } as const;

/** What each row collects, round after round. */
class Tally {
  readonly #series = new Map<Figure, number[]>();
  readonly #answersMs: number[] = [];

  add(figure: Figure, value: number): void {
    this.#series.set(figure, [...(this.#series.get(figure) ?? []), value]);
  }

  addAnswers(answersMs: readonly number[]): void {
    this.#answersMs.push(...answersMs);
    this.add('answer p50', percentile(answersMs, 50));
  }

  /** The tails are of all rounds together: one round has too few answers for them. */
  get measured(): Measured {
    return {
      ...Object.fromEntries(this.#series),
      'answer p95': [percentile(this.#answersMs, 95)],
      'answer p99': [percentile(this.#answersMs, 99)],
    };
  }
}

export interface MeasureOptions {
  readonly stack: BenchStack;
  readonly rows: readonly Row[];
  readonly plan: Plan;
  readonly progress: Progress;
}

export async function measure({
  stack,
  rows,
  plan,
  progress,
}: MeasureOptions): Promise<ReadonlyMap<string, Measured>> {
  const tallies = new Map(rows.map(({ name }) => [name, new Tally()]));
  const tallyOf = ({ name }: Row): Tally => tallies.get(name) ?? new Tally();

  // With workers of their own, so before the others are there.
  const withWorker = rows.filter(({ measuresWorker }) => measuresWorker);
  for (const row of withWorker) {
    progress(`memory of ${plan.waiting} waiting sales: ${row.name}`);
    const { resident, heap } = await memoryOfWaiting(stack, row, plan.waiting);
    tallyOf(row).add('memory of a waiting sale', resident / 1_024);
    tallyOf(row).add('heap of a waiting sale', heap / 1_024);
  }

  const kinds = [...new Set(rows.map(({ worker }) => worker))];
  const workers = new Map<WorkerKind, RunningWorker>();
  try {
    for (const kind of kinds) workers.set(kind, await stack.startWorker(kind));
    for (const row of rows) {
      progress(`warming up: ${row.name}`);
      await runLoad(row.sell, WARM_UP);
      await addCost(stack, row, tallyOf(row));
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      const told = (what: string) => progress(`round ${round + 1} of ${plan.rounds}: ${what}`);
      for (const kind of new Set(withWorker.map(({ worker }) => worker))) {
        told(`start of a worker (${kind})`);
        const startUpMs = await startUpOf(stack, kind);
        for (const row of withWorker.filter(({ worker }) => worker === kind))
          tallyOf(row).add('worker start-up', startUpMs);
      }
      for (const row of shuffled(rows, round)) {
        told(row.name);
        const worker = workers.get(row.worker);
        if (worker !== undefined)
          await runRow({
            stack,
            row,
            worker,
            tally: tallyOf(row),
            sales: plan.sales,
            withHundred: round < plan.hundredRounds,
          });
      }
    }
  } finally {
    for (const worker of workers.values()) await worker.stop();
  }
  return new Map([...tallies].map(([name, tally]) => [name, tally.measured]));
}

interface RowRun {
  readonly stack: BenchStack;
  readonly row: Row;
  readonly worker: RunningWorker;
  readonly tally: Tally;
  readonly sales: Plan['sales'];
  readonly withHundred: boolean;
}

async function runRow({ stack, row, worker, tally, sales, withHundred }: RowRun): Promise<void> {
  const one = await runLoad(row.sell, { sales: sales.one, atOnce: 1 });
  tally.add('sales/s, 1 at once', one.salesPerSecond);
  tally.addAnswers(one.answersMs);
  tally.add('whole sale p50', percentile(one.wholesMs, 50));

  const processes = [stack.serverPid, worker.pid, stack.sandboxPid, process.pid];
  const twenty = await runLoad(row.sell, { sales: sales.twenty, atOnce: 20, processes });
  tally.add('sales/s, 20 at once', twenty.salesPerSecond);
  addCpu(tally, twenty);

  if (!withHundred) return;
  const hundred = await runLoad(row.sell, { sales: sales.hundred, atOnce: 100 });
  tally.add('sales/s, 100 at once', hundred.salesPerSecond);
}

function addCpu(
  tally: Tally,
  { cpuMs: [server = NaN, worker = NaN, sandbox = NaN, tills = NaN] }: Sample,
): void {
  tally.add('CPU of the server', server);
  tally.add('CPU of the worker', worker);
  tally.add('CPU of the providers', sandbox);
  tally.add('CPU of the tills', tills);
}

/** Of one sale, by itself; the run that is its member's turn included. */
async function addCost(
  { temporals }: BenchStack,
  { sell, worker }: Row,
  tally: Tally,
): Promise<void> {
  const sale = await sell();
  await sale.pay();
  await sale.ended();
  const cost = sumOf(await Promise.all(sale.runs.map((id) => costOf(temporals[worker], id))));
  tally.add('events', cost.events);
  tally.add('workflow tasks', cost.workflowTasks);
  tally.add('history bytes', cost.bytes);
  tally.add('actions', cost.actions);
}

/** Of a worker beside the one that works. */
async function startUpOf(stack: BenchStack, kind: WorkerKind): Promise<number> {
  const worker = await stack.startWorker(kind);
  await worker.stop();
  return worker.startUpMs;
}

/** What the server does seconds later for one row's sales falls on the row that follows: another one each round. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  const random = new Random(seed);
  return all
    .map((each) => ({ each, at: random.next() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ each }) => each);
}
