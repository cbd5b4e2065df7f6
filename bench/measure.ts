/** The rounds: in each, every row has its turn, in an order of its own. */
import { costOf, sumOf } from '../test/support/cost.ts';
import { Random } from '../test/system/chaos/random.ts';
import type { Figure, Measured } from './figures.ts';
import type { House, RunningWorker, WorkerKind } from './house.ts';
import { memoryOfWaiting } from './memory.ts';
import type { Row } from './rows.ts';
import { sell, type Slice } from './slice.ts';
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

export async function measure(
  house: House,
  rows: readonly Row[],
  plan: Plan,
  progress: Progress,
): Promise<ReadonlyMap<string, Measured>> {
  const tallies = new Map(rows.map(({ name }) => [name, new Tally()]));
  const tallyOf = ({ name }: Row): Tally => tallies.get(name) ?? new Tally();

  // With workers of their own, so before the others are there.
  const withWorker = rows.filter(({ measuresWorker }) => measuresWorker);
  for (const row of withWorker) {
    progress(`memory of ${plan.waiting} waiting sales: ${row.name}`);
    const { resident, heap } = await memoryOfWaiting(house, row, plan.waiting);
    tallyOf(row).add('memory of a waiting sale', resident / 1_024);
    tallyOf(row).add('heap of a waiting sale', heap / 1_024);
  }

  const kinds = [...new Set(rows.map(({ worker }) => worker))];
  const workers = new Map<WorkerKind, RunningWorker>();
  try {
    for (const kind of kinds) workers.set(kind, await house.startWorker(kind));
    for (const row of rows) {
      progress(`warming up: ${row.name}`);
      await sell(row.till, WARM_UP);
      await addCost(house, row, tallyOf(row));
    }
    for (let round = 0; round < plan.rounds; round += 1) {
      const told = (what: string) => progress(`round ${round + 1} of ${plan.rounds}: ${what}`);
      for (const kind of new Set(withWorker.map(({ worker }) => worker))) {
        told(`start of a worker (${kind})`);
        const startUpMs = await startUpOf(house, kind);
        for (const row of withWorker.filter(({ worker }) => worker === kind))
          tallyOf(row).add('worker start-up', startUpMs);
      }
      for (const row of shuffled(rows, round)) {
        told(row.name);
        const worker = workers.get(row.worker);
        if (worker !== undefined)
          await runRow(house, row, worker, tallyOf(row), plan, round < plan.hundredRounds);
      }
    }
  } finally {
    for (const worker of workers.values()) await worker.stop();
  }
  return new Map([...tallies].map(([name, tally]) => [name, tally.measured]));
}

async function runRow(
  house: House,
  { till }: Row,
  worker: RunningWorker,
  tally: Tally,
  { sales }: Plan,
  withHundred: boolean,
): Promise<void> {
  const one = await sell(till, { sales: sales.one, atOnce: 1 });
  tally.add('sales/s, 1 at once', one.salesPerSecond);
  tally.addAnswers(one.answersMs);
  tally.add('whole sale p50', percentile(one.wholesMs, 50));

  const processes = [house.serverPid, worker.pid, house.sandboxPid, process.pid];
  const twenty = await sell(till, { sales: sales.twenty, atOnce: 20 }, processes);
  tally.add('sales/s, 20 at once', twenty.salesPerSecond);
  addCpu(tally, twenty);

  if (!withHundred) return;
  const hundred = await sell(till, { sales: sales.hundred, atOnce: 100 });
  tally.add('sales/s, 100 at once', hundred.salesPerSecond);
}

function addCpu(
  tally: Tally,
  { cpuMs: [server = NaN, worker = NaN, sandbox = NaN, tills = NaN] }: Slice,
): void {
  tally.add('CPU of the server', server);
  tally.add('CPU of the worker', worker);
  tally.add('CPU of the providers', sandbox);
  tally.add('CPU of the tills', tills);
}

/** Of one sale, by itself; the run that is its member's turn included. */
async function addCost({ temporals }: House, { till, worker }: Row, tally: Tally): Promise<void> {
  const sale = await till();
  await sale.pay();
  await sale.ended();
  const cost = sumOf(await Promise.all(sale.runs.map((id) => costOf(temporals[worker], id))));
  tally.add('events', cost.events);
  tally.add('workflow tasks', cost.workflowTasks);
  tally.add('history bytes', cost.bytes);
  tally.add('actions', cost.actions);
}

/** Of a worker beside the one that works. */
async function startUpOf(house: House, kind: WorkerKind): Promise<number> {
  const worker = await house.startWorker(kind);
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
