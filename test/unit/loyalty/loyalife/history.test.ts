/** A member's history is read whole, from long enough before the attempt, or it is not believed. */
import { describe, expect, it, vi } from 'vitest';
import { AnswerTooLarge } from '../../../../src/loyalty/calls.ts';
import type { Row } from '../../../../src/loyalty/loyalife/client.ts';
import { readHistory } from '../../../../src/loyalty/loyalife/history.ts';
import { DEDUCTION } from '../../../support/loyalty/scripted-provider.ts';

describe('the history', () => {
  const NOW = new Date('2026-03-02T08:00:00.000Z');

  /** Reads one that has `rows`, in pages of at most `most`. */
  async function read(
    rows: readonly Row[],
    { most = 100, count = rows.length, arrives = false } = {},
  ) {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    const ranges: object[] = [];
    let list = rows;
    const client = {
      history: async (
        member: string,
        range: { MinimumRange: number; MaximumRange: number; DateFrom: string; DateTo: string },
      ) => {
        ranges.push({ member, ...range });
        await Promise.resolve();
        const { MinimumRange: first, MaximumRange: last } = range;
        if (last - first > most) throw new AnswerTooLarge('unknown', 'too large');
        const value = { ReturnObject: list.slice(first, last), Count: count };
        if (arrives) list = [{ Id: `new-${ranges.length}`, Points: -1 }, ...list];
        return { succeeded: true, value } as const;
      },
    };
    const found = await readHistory(client, 'anna', DEDUCTION.since).finally(() =>
      vi.useRealTimers(),
    );
    return { found, ranges };
  }

  const rowsOf = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => ({ Id: String(index), Points: -index }));

  it('is read from a day and a half before the attempt, in any zone of the world', async () => {
    const { found, ranges } = await read([]);
    expect(found).toEqual([]);
    expect(ranges).toEqual([
      {
        member: 'anna',
        DateFrom: '2026-02-27T22:00:00',
        DateTo: '2026-03-03T20:00:00',
        MinimumRange: 0,
        MaximumRange: 100,
      },
    ]);
  });

  it.each([
    [250, {}, 3],
    [100, {}, 1],
    [101, {}, 2],
    [60, { most: 25 }, 5],
  ])('of %i rows with %j is read whole in %i pages', async (count, options, pages) => {
    const { found, ranges } = await read(rowsOf(count), options);
    expect(found).toEqual(rowsOf(count));
    expect(ranges).toHaveLength(pages);
  });

  it('is read whole while other rows arrive, and none is counted twice', async () => {
    const { found } = await read(rowsOf(150), { arrives: true });
    expect(new Set(found.map(({ Id }) => Id)).size).toBe(found.length);
    for (const { Id } of rowsOf(149)) expect(found.map((each) => each.Id)).toContain(Id);
  });

  it('is not believed when it holds fewer rows than it counts', async () => {
    await expect(read(rowsOf(3), { count: 4 })).rejects.toMatchObject({
      kind: 'unknown',
      isLasting: false,
    });
  });

  it('is left to a person when it cannot be read to its end', async () => {
    await expect(read(rowsOf(10_001))).rejects.toMatchObject({ kind: 'unknown', isLasting: true });
    expect((await read(rowsOf(10_000))).found).toHaveLength(10_000);
  });
});
