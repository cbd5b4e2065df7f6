/** What is measured of each row, and how a figure is compared. */
import { spreadOf, type Spread } from './statistics.ts';

export const figures = {
  'sales/s, 1 at once': { unit: '/s', decimals: 1 },
  'sales/s, 20 at once': { unit: '/s', decimals: 1 },
  'sales/s, 100 at once': { unit: '/s', decimals: 1 },
  'answer p50': { unit: 'ms', decimals: 1 },
  'answer p95': { unit: 'ms', decimals: 1 },
  'answer p99': { unit: 'ms', decimals: 1 },
  'whole sale p50': { unit: 'ms', decimals: 1 },
  'CPU of the server': { unit: 'ms', decimals: 1 },
  'CPU of the worker': { unit: 'ms', decimals: 1 },
  'CPU of the providers': { unit: 'ms', decimals: 1 },
  'CPU of the tills': { unit: 'ms', decimals: 1 },
  events: { unit: '', decimals: 0 },
  'workflow tasks': { unit: '', decimals: 0 },
  'history bytes': { unit: '', decimals: 0 },
  actions: { unit: '', decimals: 0 },
  'memory of a waiting sale': { unit: 'KiB', decimals: 0 },
  'heap of a waiting sale': { unit: 'KiB', decimals: 1 },
  'worker start-up': { unit: 'ms', decimals: 0 },
} as const;

export type Figure = keyof typeof figures;

/** One value for each round, or one alone where the rounds do not matter; empty where it was not measured. */
export type Series = readonly number[];
export type Measured = Readonly<Partial<Record<Figure, Series>>>;

export interface Compared extends Spread {
  readonly values: Series;
  readonly toPlain?: Spread;
  readonly toEmpty?: Spread;
}

export function compare(values: Series, plain: Series = [], empty: Series = []): Compared {
  const toPlain = ratios(values, plain);
  const toEmpty = ratios(values, empty);
  return {
    ...spreadOf(values),
    values,
    ...(toPlain.length > 0 && { toPlain: spreadOf(toPlain) }),
    ...(toEmpty.length > 0 && { toEmpty: spreadOf(toEmpty) }),
  };
}

/** Round by round, so that a machine that is slow for a while is slow for both. */
function ratios(values: Series, base: Series): number[] {
  return values.flatMap((value, round) => {
    const other = base[round];
    return other === undefined || other === 0 ? [] : [value / other];
  });
}
