/** How long a repeated request is recognised, and so which sales are refused. */
import { describe, expect, it } from 'vitest';
import { isTooShort, refuseOldSale } from '../../../src/temporal/retention.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

describe('a sale', () => {
  it.each([
    ['30 days', 30 * DAY_MS, 29 * DAY_MS],
    ['three days', 3 * DAY_MS, 2 * DAY_MS],
    ['one day', DAY_MS, DAY_MS / 2],
  ])('is refused above its limit where runs are kept for %s', (_, retentionMs, limitMs) => {
    refuseOldSale(ago(limitMs - HOUR_MS), retentionMs);
    expect(() => refuseOldSale(ago(limitMs + HOUR_MS), retentionMs)).toThrow(
      expect.objectContaining({ code: 'invalid-request', field: 'saleTime' }),
    );
  });

  it('is never too old where the server does not say how long it keeps runs', () => {
    refuseOldSale(ago(1_000 * DAY_MS), undefined);
  });
});

it('the worker warns below 30 days', () => {
  expect(isTooShort(30 * DAY_MS)).toBe(false);
  expect(isTooShort(30 * DAY_MS - 1)).toBe(true);
  expect(isTooShort(undefined)).toBe(false);
});
