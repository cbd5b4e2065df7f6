import { describe, expect, it } from 'vitest';
import { kindOfStatus } from '../../../../src/loyalty/calls.ts';
import { failureOf } from '../../../../src/loyalty/loyalife/codes.ts';
import { matchRedemption, matchReversal } from '../../../../src/loyalty/loyalife/history.ts';

describe('an HTTP status', () => {
  it.each([
    [200, undefined],
    [201, undefined],
    [101, 'unknown'],
    [302, 'unknown'],
    [307, 'unknown'],
    [400, 'refused'],
    [401, 'not-sent'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'refused'],
    [422, 'refused'],
    [425, 'unknown'],
    [429, 'not-sent'],
    [500, 'unknown'],
    [503, 'unknown'],
  ] as const)('%i says %s', (status, kind) => {
    expect(kindOfStatus(status)).toBe(kind);
  });
});

describe('a Loyalife code', () => {
  it.each([
    ['103', 'refused', 'member-unknown'],
    ['107', 'refused', 'member-inactive'],
    ['113', 'refused', 'member-inactive'],
    ['114', 'refused', 'member-inactive'],
    ['302', 'refused', 'insufficient-points'],
    ['120', 'refused', 'rejected'],
    ['208', 'refused', 'rejected'],
    ['998', 'refused', 'rejected'],
    ['999', 'refused', 'rejected'],
    ['301', 'unknown', undefined],
    ['997', 'unknown', undefined],
    ['000', 'unknown', undefined],
    ['never-published', 'unknown', undefined],
  ] as const)('%s says %s %s', (code, kind, refusal) => {
    expect(failureOf('RedeemPoints', code)).toMatchObject({ kind, refusal });
  });
});

describe('a Loyalife history', () => {
  const row = (
    Id: string,
    Points: number,
    MerchantName: string | null,
    ExternalReference = `E-${Id}`,
  ) => ({
    Id,
    Points,
    MerchantName,
    ExternalReference,
  });
  const find = (rows: ReturnType<typeof row>[], named = true) =>
    matchRedemption(rows, 100, named ? 'Amazon #OURS' : 'Amazon', named);

  it('shows our redemption by its merchant name, among others of the same points', () => {
    const rows = [row('1', -100, null), row('2', -100, 'Amazon #OURS'), row('3', -100, 'Amazon')];
    expect(find(rows)).toEqual({ kind: 'found', reference: 'E-2', applied: true });
  });

  it('shows it in capitals as well', () => {
    expect(find([row('1', -100, 'AMAZON #OURS ')])).toMatchObject({ kind: 'found' });
  });

  it.each([
    ['another sale', row('1', -100, 'Amazon #THEIRS')],
    ['another merchant', row('1', -100, 'Flipkart')],
    ['other points', row('1', -101, 'Amazon #OURS')],
    ['a reversal', row('1', 100, 'Amazon #OURS')],
  ])('does not take %s for ours', (_what, other) => {
    expect(find([other])).toEqual({ kind: 'not-found' });
  });

  it.each([null, '', 'Amazon', 'Amazon #OU'])(
    'leaves equal points under the name %j to a person',
    (name) => {
      expect(find([row('1', -100, name)])).toEqual({ kind: 'ambiguous', references: ['E-1'] });
    },
  );

  it('leaves equal points under a plain name to a person, even when there is but one', () => {
    expect(find([row('1', -100, 'Amazon')], false)).toMatchObject({ kind: 'ambiguous' });
  });

  it('shows a reversal by its reference alone', () => {
    const rows = [row('1', -100, 'Amazon #OURS', 'E'), row('2', 100, null, 'E')];
    expect(matchReversal(rows, 'E')).toEqual({ kind: 'found', reference: 'E', applied: true });
    expect(matchReversal(rows.slice(0, 1), 'E')).toEqual({ kind: 'not-found' });
    expect(matchReversal([...rows, row('3', 100, null, 'E')], 'E')).toMatchObject({
      kind: 'ambiguous',
      references: ['2', '3'],
    });
  });
});
