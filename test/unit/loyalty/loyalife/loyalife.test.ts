import { describe, expect, it } from 'vitest';
import { describeProvider } from '../../../support/loyalty/provider-contract.ts';
import { WAIT_MS } from '../../../support/loyalty/provider-test.ts';

describeProvider('loyalife', 'travel-miles', (test) => {
  describe('what only Loyalife does', () => {
    it('refuses an overspend itself', async () => {
      const member = await test.member(50);
      const error = await test.failure(
        test.provider.deductPoints(test.deduction(member, 100), WAIT_MS),
      );
      expect(error).toMatchObject({ kind: 'refused', refusal: 'insufficient-points' });
      expect(await test.movements(member)).toEqual([]);
    });

    it.each(['inactive', 'cancelled', 'suspended'] as const)(
      'refuses a member that is %s',
      async (state) => {
        const member = await test.member(500, state);
        const error = await test.failure(
          test.provider.deductPoints(test.deduction(member, 100), WAIT_MS),
        );
        expect(error).toMatchObject({ kind: 'refused', refusal: 'member-inactive' });
      },
    );

    it('renews its token once when it is refused, and then carries on', async () => {
      const member = await test.member(500);
      await test.provider.checkBalance(member.alias);
      await test.fault('deduct', 'unauthorized');
      await test.provider.deductPoints(test.deduction(member, 100), WAIT_MS);
      expect(await test.movements(member)).toEqual([-100]);
    });

    it('may be sent again when a new token is refused as well', async () => {
      const member = await test.member(500);
      await test.fault('deduct', 'unauthorized', { times: 2 });
      const error = await test.failure(
        test.provider.deductPoints(test.deduction(member, 100), WAIT_MS),
      );
      expect(error.kind).toBe('not-sent');
      expect(await test.movements(member)).toEqual([]);
    });

    it.each(['error-before-commit', 'cut-before-commit', 'refuse'] as const)(
      'has sent nothing when there is no token for it: %s',
      async (fault) => {
        const member = await test.member(500);
        await test.fault('token', fault);
        const error = await test.failure(
          test.providerWith({}).deductPoints(test.deduction(member, 100), WAIT_MS),
        );
        expect(error.kind).toBe('not-sent');
        expect(await test.movements(member)).toEqual([]);
      },
    );

    it('keeps working when every token lives for two seconds', async () => {
      await test.sandbox.switch({ tokenLifetimeSeconds: 2 });
      const member = await test.member(500);
      const provider = test.providerWith({});
      await provider.deductPoints(test.deduction(member, 100), WAIT_MS);
      await provider.deductPoints(test.deduction(member, 100), WAIT_MS);
      expect(await test.movements(member)).toEqual([-100, -100]);
    });

    it.each(['405', '999'])(
      'takes a second reversal for a success, whatever its code: %s',
      async (secondReversalCode) => {
        await test.sandbox.switch({ secondReversalCode });
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
        await test.provider.restorePoints(deduction, reference, WAIT_MS);
        expect(await test.provider.restorePoints(deduction, reference, WAIT_MS)).toEqual({
          reference,
        });
        expect(await test.movements(member)).toEqual([-100, 100]);
      },
    );

    it.each(['error-before-commit', 'refuse'] as const)(
      'leaves the reversal open when the history cannot be read after a refusal (%s)',
      async (fault) => {
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
        await test.provider.restorePoints(deduction, reference, WAIT_MS);
        await test.fault('history', fault);
        const error = await test.failure(
          test.provider.restorePoints(deduction, reference, WAIT_MS),
        );
        expect(error.kind).toBe('unknown');
      },
    );

    it.each([-720, 330, 840])(
      'finds a deduction in a history whose clock is %i minutes off',
      async (historyOffsetMinutes) => {
        await test.sandbox.switch({ historyOffsetMinutes });
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
        expect(await test.provider.findDeduction(deduction)).toMatchObject({
          kind: 'found',
          reference,
        });
      },
    );

    it('leaves an equal deduction to a person where rows carry no merchant name', async () => {
      await test.sandbox.switch({ historyMerchantName: false });
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      expect(await test.provider.findDeduction(deduction)).toEqual({
        kind: 'ambiguous',
        references: [reference],
      });
      expect(await test.provider.findDeduction(test.deduction(member, 101))).toEqual({
        kind: 'not-found',
      });
    });

    it('says of a redemption that was reversed that it was, whoever claims it', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      await test.provider.restorePoints(deduction, reference, WAIT_MS);
      expect(await test.provider.ownerOf(deduction, reference)).toBe('restored');
    });

    it('leaves a deduction to a person where the history shows redemptions as positive points', async () => {
      await test.sandbox.switch({ historyPositiveRows: true });
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      expect(await test.provider.findDeduction(deduction)).toEqual({
        kind: 'ambiguous',
        references: [reference],
      });
      // A person who has seen it at the provider may say that it is ours, and not that another one is.
      expect(await test.provider.ownerOf(deduction, reference)).toBe('ours');
      expect(await test.provider.ownerOf(test.deduction(member, 100), reference)).toBe('other');
      expect(await test.provider.ownerOf({ ...deduction, points: 99 }, reference)).toBe('other');
      expect(await test.provider.findRestoration(deduction, reference)).toEqual({
        kind: 'not-found',
      });
      await test.provider.restorePoints(deduction, reference, WAIT_MS);
      expect(await test.provider.findRestoration(deduction, reference)).toMatchObject({
        kind: 'ambiguous',
      });
      expect(await test.movements(member)).toEqual([-100, 100]);
    });

    it('looks for a reversal beside its redemption, however much older that is', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      const later = new Date(Date.now() + 50 * 3_600_000).toISOString();
      const restoration = { ...deduction, since: later, deductedSince: deduction.since };
      expect(await test.provider.findRestoration(restoration, reference)).toEqual({
        kind: 'not-found',
      });
      await test.provider.restorePoints(deduction, reference, WAIT_MS);
      expect(await test.provider.findRestoration(restoration, reference)).toMatchObject({
        kind: 'found',
      });
    });

    it.each([{ merchantName: 'Amazon India' }, { merchantReference: false }])(
      'finds and undoes a deduction under the names of its sale, whatever the program says now: %j',
      async (changes) => {
        const now = test.providerWith(changes);
        const member = await test.member(500);
        const { names } = test.provider;
        const deduction = { ...test.deduction(member, 100), names };
        const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
        expect(await now.findDeduction(deduction)).toMatchObject({ kind: 'found', reference });
        expect(await now.ownerOf(deduction, reference)).toBe('ours');
        await now.restorePoints(deduction, reference, WAIT_MS);
        expect(await test.movements(member)).toEqual([-100, 100]);
        // A sale from before they were kept, and one that this provider makes, go by the names of today.
        const other = test.deduction(member, 100);
        await now.deductPoints({ ...other, names: now.names }, WAIT_MS);
        expect((await test.provider.findDeduction(other)).kind).not.toBe('found');
        expect(await now.findDeduction(other)).toEqual(
          await now.findDeduction({ ...other, names: now.names }),
        );
      },
    );

    it('leaves an equal deduction to a person where the program keeps its merchant name plain', async () => {
      const provider = test.providerWith({ merchantReference: false });
      expect(provider.capabilities.findsByReference).toBe(false);
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      await provider.deductPoints(deduction, WAIT_MS);
      expect(await provider.findDeduction(deduction)).toMatchObject({ kind: 'ambiguous' });
    });
  });
});
