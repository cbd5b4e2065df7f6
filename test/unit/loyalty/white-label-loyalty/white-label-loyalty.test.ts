import { describe, expect, it } from 'vitest';
import { describeProvider } from '../../../support/loyalty/provider-contract.ts';
import { SHORT_WAIT_MS, WAIT_MS } from '../../../support/loyalty/provider-test.ts';

describeProvider('white-label-loyalty', 'coffee-club', (test) => {
  describe('what only White Label Loyalty does', () => {
    it('gives one member id for all his spellings', async () => {
      const member = await test.member(500);
      expect((await test.provider.checkBalance(member.alias)).memberId).toBe(member.memberId);
      expect((await test.provider.checkBalance(member.memberId)).memberId).toBe(member.memberId);
    });

    it('reads a bare answer as well as a wrapped one, and ids that are strings', async () => {
      await test.sandbox.switch({ bareEnvelope: true, eventIds: 'string' });
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference, balance } = await test.provider.deductPoints(deduction, WAIT_MS);
      expect(balance).toBe(400);
      expect(await test.provider.findDeduction(deduction)).toMatchObject({
        kind: 'found',
        reference,
      });
    });

    it('refuses to take a wallet without points where the pointer leads for a balance', async () => {
      const member = await test.member(500);
      const provider = test.providerWith({ walletPointer: '/balance/points' });
      expect((await test.failure(provider.checkBalance(member.alias))).kind).toBe('unknown');
    });

    it('reports a balance below zero, for nobody is refused there', async () => {
      const member = await test.member(50);
      const deduction = test.deduction(member, 100);
      const { reference, balance } = await test.provider.deductPoints(deduction, WAIT_MS);
      expect(balance).toBe(-50);
      await test.provider.restorePoints(deduction, reference, WAIT_MS);
    });

    it.each(['deduct', 'restore'] as const)(
      'takes no %s for done whose event moved no points',
      async (call) => {
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        const deduct = (waitMs: number) => test.provider.deductPoints(deduction, waitMs);
        const deducted = call === 'restore' ? await deduct(WAIT_MS) : { reference: '' };
        await test.fault(call, 'missing-reactor');
        const error = await test.failure(
          call === 'deduct'
            ? deduct(SHORT_WAIT_MS)
            : test.provider.restorePoints(deduction, deducted.reference, SHORT_WAIT_MS),
        );
        expect(error.kind).toBe('not-applied');
        const finding = await (call === 'deduct'
          ? test.provider.findDeduction(deduction)
          : test.provider.findRestoration(deduction, deducted.reference));
        expect(finding).toEqual({ kind: 'found', reference: error.reference, applied: false });
      },
    );

    it.each([
      ['deduct', 'second-reactor', -200],
      ['deduct', 'inverse-reactor', 100],
      ['restore', 'second-reactor', 200],
      ['restore', 'inverse-reactor', -100],
    ] as const)(
      'takes no %s for done whose reactions add up to something else, and names the sum (%s)',
      async (call, fault, sum) => {
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        const deduct = (waitMs: number) => test.provider.deductPoints(deduction, waitMs);
        const deducted = call === 'restore' ? await deduct(WAIT_MS) : { reference: '' };
        await test.fault(call, fault);
        const error = await test.failure(
          call === 'deduct'
            ? deduct(SHORT_WAIT_MS)
            : test.provider.restorePoints(deduction, deducted.reference, SHORT_WAIT_MS),
        );
        const expected = call === 'deduct' ? -100 : 100;
        const words = `the event was accepted, and its reactions add up to ${sum} points, not ${expected}`;
        expect(error).toMatchObject({ kind: 'not-applied', message: words });
        const finding = await (call === 'deduct'
          ? test.provider.findDeduction(deduction)
          : test.provider.findRestoration(deduction, deducted.reference));
        expect(finding).toEqual({
          kind: 'found',
          reference: error.reference,
          applied: false,
          detail: words,
        });
        if (call === 'deduct')
          expect(await test.provider.ownerOf(deduction, error.reference ?? '')).toBe('not-applied');
      },
    );

    it('waits for a reaction that is late', async () => {
      const member = await test.member(500);
      await test.fault('deduct', 'late-reaction', { delayMs: 300 });
      const { balance } = await test.provider.deductPoints(test.deduction(member, 100), WAIT_MS);
      expect(balance).toBe(400);
    });

    it('keeps the reference when the reaction comes after the wait', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      await test.fault('deduct', 'late-reaction', { delayMs: 800 });
      const error = await test.failure(test.provider.deductPoints(deduction, 200));
      expect(error.kind).toBe('not-applied');
      await expect
        .poll(() => test.provider.findDeduction(deduction), { timeout: WAIT_MS })
        .toEqual({ kind: 'found', reference: error.reference, applied: true });
    });

    it('is not put off by reads that fail after the event was accepted', async () => {
      const member = await test.member(500);
      await test.fault('reactions', 'error-before-commit', { times: 2 });
      await test.fault('balance', 'error-before-commit', { times: 1 });
      const { balance } = await test.provider.deductPoints(test.deduction(member, 100), WAIT_MS);
      expect(balance).toBe(400);
    });

    it('leaves the deduction open when the balance cannot be read again', async () => {
      const member = await test.member(500);
      await test.fault('balance', 'error-before-commit', { times: 100 });
      const error = await test.failure(
        test.provider.deductPoints(test.deduction(member, 100), SHORT_WAIT_MS),
      );
      expect(error.kind).toBe('unknown');
      expect(error.reference).toBeDefined();
    });

    it('takes no refusal of the wallet but 404 for an unknown member', async () => {
      const member = await test.member(500);
      await test.fault('balance', 'refuse');
      const error = await test.failure(test.provider.checkBalance(member.alias));
      expect(error).toMatchObject({ kind: 'refused', refusal: 'rejected' });
    });

    it('calls the deduction not applied when its reactions cannot be read', async () => {
      const member = await test.member(500);
      await test.fault('reactions', 'error-before-commit', { times: 100 });
      const error = await test.failure(
        test.provider.deductPoints(test.deduction(member, 100), SHORT_WAIT_MS),
      );
      expect(error.kind).toBe('not-applied');
      expect(error.reference).toBeDefined();
    });

    it('leaves an event of the redemption under a spelling nobody typed to a person', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      const elsewhere = { ...deduction, member: 'third-spelling', memberId: 'other-id' };
      expect(await test.provider.findDeduction(elsewhere)).toEqual({
        kind: 'ambiguous',
        references: [reference],
      });
    });

    it.each(['unauthorized', 'too-many-requests'] as const)(
      'may be sent again after %s',
      async (fault) => {
        const member = await test.member(500);
        await test.fault('deduct', fault);
        const deduction = test.deduction(member, 100);
        const error = await test.failure(test.provider.deductPoints(deduction, WAIT_MS));
        expect(error.kind).toBe('not-sent');
        await test.provider.deductPoints(deduction, WAIT_MS);
      },
    );

    it('takes nothing when the secret of the event type is wrong', async () => {
      const member = await test.member(500);
      const provider = test.providerWith({
        deduction: { eventType: 'REDEEMED_POINTS', secret: 'wrong' },
      });
      const error = await test.failure(provider.deductPoints(test.deduction(member, 100), WAIT_MS));
      expect(error).toMatchObject({ kind: 'refused', refusal: 'rejected' });
      expect(await test.movements(member)).toEqual([]);
    });

    it('reads the rate once, and then from memory', async () => {
      const provider = test.providerWith({});
      expect((await provider.quote({ points: 250 })).discountMinor).toBe(250);
      await test.fault('rate', 'error-before-commit');
      expect((await provider.quote({ points: 250 })).discountMinor).toBe(250);
      expect((await test.failure(test.providerWith({}).quote({ points: 1 }))).kind).toBe('unknown');
    });

    it('takes its rate from the program where that names one', async () => {
      const provider = test.providerWith({ rate: { value: '0.02' } });
      expect((await provider.quote({ points: 250 })).discountMinor).toBe(500);
    });
  });
});
