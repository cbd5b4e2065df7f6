import { describe, expect, it } from 'vitest';
import { kindOfStatus } from '../../../../src/loyalty/calls.ts';
import { failureOf } from '../../../../src/loyalty/loyalife/codes.ts';
import { matchRedemption, matchReversal } from '../../../../src/loyalty/loyalife/history.ts';

describe('an HTTP status', () => {
  it.each([
    [200, undefined],
    [201, undefined],
    [299, undefined],
    [101, 'unknown'],
    [199, 'unknown'],
    [300, 'unknown'],
    [302, 'unknown'],
    [307, 'unknown'],
    [400, 'refused'],
    [401, 'not-sent'],
    [403, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'refused'],
    [422, 'refused'],
    [499, 'refused'],
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
    matchRedemption(rows, 100, { merchantName: named ? 'Amazon #OURS' : 'Amazon', isExact: named });

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
    ['other points of another sale', row('1', -101, 'Amazon #THEIRS')],
    ['other points without a name', row('1', -101, null)],
    ['a reversal of another sale', row('1', 100, 'Amazon #THEIRS')],
  ])('does not take %s for ours', (_what, other) => {
    expect(find([other])).toEqual({ kind: 'not-found' });
  });

  it.each([100, 101, -101, 0])(
    'leaves a row under our own name to a person that shows %i points where -100 were expected',
    (points) => {
      const ours = row('1', points, 'Amazon #OURS');
      expect(find([ours])).toEqual({ kind: 'ambiguous', references: ['E-1'] });
      for (const ExternalReference of points === 100 ? ['E-2'] : ['E-1', 'E-2']) {
        const other = { ...ours, Id: '2', ExternalReference };
        expect(find([row('1', -100, 'Amazon #OURS'), other])).toMatchObject({ kind: 'ambiguous' });
      }
    },
  );

  it('shows a redemption that was given back, in a history of either sign', () => {
    for (const points of [-100, 100]) {
      const rows = [row('2', -points, 'Amazon #OURS', 'E'), row('1', points, 'Amazon #OURS', 'E')];
      expect(find(rows)).toEqual({ kind: 'found', reference: 'E', applied: true });
    }
  });

  it('leaves equal points of the other sign, under a name that may be ours, to a person', () => {
    expect(find([row('1', 100, null)])).toEqual({ kind: 'ambiguous', references: ['E-1'] });
    expect(find([row('1', 100, 'Amazon')], false)).toMatchObject({ kind: 'ambiguous' });
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

  it('shows a reversal by its reference, as another row than its redemption', () => {
    for (const points of [-100, 100]) {
      const rows = [row('1', points, 'Amazon #OURS', 'E'), row('2', -points, null, 'E')];
      expect(matchReversal(rows, 100, 'E')).toEqual({
        kind: 'found',
        reference: 'E',
        applied: true,
      });
      expect(matchReversal(rows.slice(0, 1), 100, 'E')).toEqual({ kind: 'not-found' });
      const [redemption] = rows.slice(0, 1);
      const ofOthers = [row('3', -points, null, 'F'), ...(redemption ? [redemption] : [])];
      expect(matchReversal(ofOthers, 100, 'E')).toEqual({ kind: 'not-found' });
    }
  });

  it('leaves what is not one redemption and one reversal of all its points to a person', () => {
    const redemption = row('1', -100, 'Amazon #OURS', 'E');
    const reversal = row('2', 100, null, 'E');
    expect(matchReversal([redemption, reversal, { ...reversal, Id: '3' }], 100, 'E')).toEqual({
      kind: 'ambiguous',
      references: ['2', '3'],
    });
    expect(matchReversal([redemption, { ...reversal, Points: 50 }], 100, 'E')).toMatchObject({
      kind: 'ambiguous',
    });
    for (const points of [-100, 0])
      expect(matchReversal([redemption, { ...reversal, Points: points }], 100, 'E')).toEqual({
        kind: 'ambiguous',
        references: ['1', '2'],
      });
    expect(matchReversal([{ ...redemption, Points: 100 }, reversal], 100, 'E')).toEqual({
      kind: 'ambiguous',
      references: ['1', '2'],
    });
  });
});
