import { describe, expect, it } from 'vitest';
import { compare } from '../../../bench/figures.ts';
import { percentile, spreadOf } from '../../../bench/statistics.ts';

describe('a figure of the benchmark', () => {
  it('is the median of its rounds, with the least and the most', () => {
    expect(spreadOf([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
    expect(spreadOf([4, 1, 3, 2])).toMatchObject({ median: 2.5 });
  });

  it('has its tails at the nearest rank', () => {
    const answers = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(answers, 95)).toBe(95);
    expect(percentile(answers, 99)).toBe(99);
    expect(percentile([7], 99)).toBe(7);
  });

  it('is compared round by round, so that a slow round is slow for both', () => {
    expect(compare([10, 40], [20, 80], [5])).toMatchObject({
      toPlain: { median: 0.5, min: 0.5, max: 0.5 },
      toEmpty: { median: 2 },
    });
  });

  it('has no ratio where the other was not measured, or took nothing', () => {
    expect(compare([10])).not.toHaveProperty('toPlain');
    expect(compare([10], [], [0])).not.toHaveProperty('toEmpty');
  });
});
