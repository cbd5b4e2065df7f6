/** The figures as tables for people and as JSON for programs. */
import Table from 'cli-table3';
import { cpus, totalmem } from 'node:os';
import { compare, figures, type Compared, type Figure, type Measured } from './figures.ts';
import type { Snapshot } from './growth.ts';
import type { Plan } from './measure.ts';
import { EMPTY, type Row } from './rows.ts';
import type { Spread } from './statistics.ts';

export interface Report {
  readonly date: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly plan: Plan;
  readonly rows: readonly {
    readonly name: string;
    /** Which row `toPlain` is a ratio to. */
    readonly plain?: string;
    readonly figures: Readonly<Partial<Record<Figure, Compared>>>;
  }[];
}

export function reportOn(
  rows: readonly Row[],
  measured: ReadonlyMap<string, Measured>,
  plan: Plan,
  serverVersion: string,
): Report {
  const of = (name = ''): Measured => measured.get(name) ?? {};
  return {
    date: new Date().toISOString(),
    machine: {
      processors: cpus().length,
      processor: cpus()[0]?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      temporal: serverVersion,
    },
    plan,
    rows: rows.map(({ name, plain }) => ({
      name,
      ...(plain !== undefined && { plain }),
      figures: Object.fromEntries(
        Object.entries(of(name)).map(([figure, values]) => [
          figure,
          compare(values, of(plain)[figure as Figure], of(EMPTY)[figure as Figure]),
        ]),
      ),
    })),
  };
}

/** Plain, for it is read in files, too. */
const TABLE_STYLE = { head: [], border: [], compact: true };

const tables: readonly { readonly title: string; readonly columns: readonly Figure[] }[] = [
  {
    title: 'Sales a second',
    columns: ['sales/s, 1 at once', 'sales/s, 20 at once', 'sales/s, 100 at once'],
  },
  {
    title: 'How long the till and the sale take, one at a time',
    columns: ['answer p50', 'answer p95', 'answer p99', 'whole sale p50'],
  },
  {
    title: 'Processor time of a sale, 20 at once',
    columns: ['CPU of the server', 'CPU of the worker', 'CPU of the providers', 'CPU of the tills'],
  },
  {
    title: 'What a sale leaves at the server',
    columns: ['events', 'workflow tasks', 'actions', 'history bytes'],
  },
  {
    title: 'Workers',
    columns: ['memory of a waiting sale', 'heap of a waiting sale', 'worker start-up'],
  },
];

export function describeReport({ machine, plan, rows }: Report): string {
  const about = Object.entries(machine).map(([what, value]) => `${what} ${value}`);
  return [
    `${plan.rounds} rounds; ${about.join(', ')}`,
    'median (least to most), then the ratio to the plain saga at the same provider | to the empty workflow',
    ...tables.map(({ title, columns }) => {
      const table = new Table({ head: [title, ...columns.map(headOf)], style: TABLE_STYLE });
      for (const row of rows)
        table.push([row.name, ...columns.map((column) => cell(column, row.figures[column]))]);
      return table.toString();
    }),
  ].join('\n');
}

function headOf(figure: Figure): string {
  const { unit } = figures[figure];
  return unit === '' || unit === '/s' ? figure : `${figure}, ${unit}`;
}

function cell(figure: Figure, compared: Compared | undefined): string {
  if (compared === undefined) return '';
  const { decimals } = figures[figure];
  const ratios = [compared.toPlain, compared.toEmpty].map(
    (ratio) => ratio?.median.toFixed(2) ?? '–',
  );
  return `${withRange(compared, decimals)}\n× ${ratios.join(' | ')}`;
}

function withRange({ median, min, max }: Spread, decimals: number): string {
  const text = (value: number) => value.toFixed(decimals);
  return min === max ? text(median) : `${text(median)} (${text(min)}–${text(max)})`;
}

const lookColumns: readonly (readonly [string, (look: Snapshot) => number | undefined])[] = [
  ['answer p50, ms', (look) => look.answerMs],
  ['sales/s', (look) => look.salesPerSecond],
  ['server CPU of a sale, ms', (look) => look.serverCpuMs],
  ['worker CPU of a sale, ms', (look) => look.workerCpuMs],
  ['capture to end of the oldest, ms', (look) => look.oldestMs],
  ['worker, MiB', (look) => look.workerMiB],
  ['server, MiB', (look) => look.serverMiB],
];

export function describeSnapshots(at: string, snapshots: readonly Snapshot[]): string {
  const columns = lookColumns.filter(([, valueOf]) => snapshots.some((look) => valueOf(look)));
  const table = new Table({ head: [at, ...columns.map(([head]) => head)], style: TABLE_STYLE });
  for (const look of snapshots)
    table.push([look.at, ...columns.map(([, valueOf]) => valueOf(look)?.toFixed(1) ?? '')]);
  return table.toString();
}
