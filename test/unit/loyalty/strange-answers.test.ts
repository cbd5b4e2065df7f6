/** Answers that the sandbox does not give: of a provider whose rules or pages are not as anybody expects. */
import { describe, expect, it } from 'vitest';
import { DEDUCTION, scriptedProvider } from '../../support/loyalty/scripted-provider.ts';

/** Waited out in full, and long enough for a slow machine to answer first. */
const WAIT_MS = 3_000;

const deduction = { ...DEDUCTION, since: new Date().toISOString() };

describe('White Label Loyalty', () => {
  it.each([
    ['two reactors move the points', [-100, -100]],
    ['a reactor moves them the wrong way', [100]],
    ['a reactor moves a part of them', [-99]],
  ])('has not applied a deduction when %s', async (_, sums) => {
    const { provider } = await scriptedProvider('coffee-club', {
      '/reactions': { body: sums.map((points) => ({ type: 'POINTS', points })) },
      '/events': { body: { id: 'E1' } },
      '/wallet': { body: { userId: 'anna', points: 400 } },
    });
    await expect(provider.deductPoints(deduction, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-applied',
      reference: 'E1',
    });
  });

  it('is not quoted when its answer cannot be read', async () => {
    const { provider } = await scriptedProvider('coffee-club', {
      '/wallet': { body: { userId: { name: 'anna' } } },
    });
    await expect(provider.checkBalance('m1')).rejects.toMatchObject({
      kind: 'unknown',
      message: expect.not.stringContaining('anna'),
    });
  });
});

describe('Loyalife', () => {
  it('is not believed that nothing was found when its pages hold fewer rows than it counts', async () => {
    const results = { IsSucessful: true, ReturnObject: [], Count: 3 };
    const { provider } = await scriptedProvider('travel-miles', {
      '/Token': { body: { results: { token: 't', tokenExpiresOn: '2099-01-01T00:00:00Z' } } },
      '/GetMemberTransactionSummaryByDate': { body: { results } },
    });
    await expect(provider.findDeduction(deduction)).rejects.toMatchObject({ kind: 'unknown' });
  });
});
