export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 50), min: Math.min(...values), max: Math.max(...values) };
}

/** The nearest rank; of an even number of values the median is the mean of the two in the middle. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (rank: number) => sorted[Math.max(0, Math.ceil(rank) - 1)] ?? NaN;
  const rank = (percent / 100) * sorted.length;
  return percent === 50 && Number.isInteger(rank) ? (at(rank) + at(rank + 1)) / 2 : at(rank);
}
