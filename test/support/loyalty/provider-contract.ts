/** What the saga relies on, asked of every provider in the same words against the sandbox over HTTP. */
import { describe, expect, it } from 'vitest';
import type { Deduction } from '../../../src/domain/orders.ts';
import type { Program } from '../../../src/programs/programs.ts';
import type { ProgramId } from '../sandbox-client.ts';
import type { Member } from '../sandbox.ts';
import { SHORT_WAIT_MS, useProvider, WAIT_MS, type ProviderTest } from './provider-test.ts';

export function describeProvider(
  name: Program['provider'],
  programId: ProgramId,
  more: (test: ProviderTest) => void,
): void {
  describe(name, () => {
    const test = useProvider(programId);
    describeBalance(test);
    describeDeduction(test);
    describeLookUps(test);
    describeRestoration(test);
    more(test);
  });
}

function describeBalance(test: ProviderTest): void {
  describe('checking the balance', () => {
    it('tells the points, and one member id for the same spelling', async () => {
      const member = await test.member(500);
      const first = await test.provider.checkBalance(member.alias);
      expect(first.points).toBe(500);
      expect(await test.provider.checkBalance(member.alias)).toEqual(first);
    });

    it('refuses a member that the provider does not know', async () => {
      const error = await test.failure(test.provider.checkBalance('nobody@example.com'));
      expect(error).toMatchObject({ kind: 'refused', refusal: 'member-unknown' });
    });

    it('takes a spelling with characters that a URL would swallow', async () => {
      const error = await test.failure(test.provider.checkBalance('a/../b?c=d#e %2e'));
      expect(error).toMatchObject({ kind: 'refused', refusal: 'member-unknown' });
    });

    it.each([
      ['error-before-commit', 'unknown'],
      ['too-many-requests', 'not-sent'],
    ] as const)('fails when the provider answers with %s', async (fault, kind) => {
      const member = await test.member(500);
      await test.fault('balance', fault);
      expect(await test.failure(test.provider.checkBalance(member.alias))).toMatchObject({ kind });
    });
  });

  describe('quoting', () => {
    it('turns points into a discount and an amount into points at the same rate', async () => {
      const { discountMinor, rate } = await test.provider.quote({ points: 400 });
      expect(await test.provider.quote({ amountMinor: discountMinor })).toEqual({
        points: 400,
        discountMinor,
        rate,
      });
    });
  });
}

const UNKNOWN_OUTCOMES = [
  ['hang-before-commit', []],
  ['hang-after-commit', [-100]],
  ['error-before-commit', []],
  ['error-after-commit', [-100]],
  ['cut-before-commit', []],
  ['cut-after-commit', [-100]],
  ['unreadable-after-commit', [-100]],
] as const;

function describeDeduction(test: ProviderTest): void {
  describe('deducting', () => {
    it('takes the points and names the provider reference', async () => {
      const member = await test.member(500);
      const { reference, balance } = await test.provider.deductPoints(
        test.deduction(member, 100),
        WAIT_MS,
      );
      expect([400, undefined]).toContain(balance);
      const { movements } = await test.sandbox.ledger(member);
      expect(movements).toMatchObject([{ kind: 'deduct', points: -100, reference }]);
    });

    it.each([
      ['too-many-requests', 'not-sent'],
      ['refuse', 'refused'],
    ] as const)('takes nothing when the provider answers with %s', async (fault, kind) => {
      const member = await test.member(500);
      await test.fault('deduct', fault);
      const error = await test.failure(
        test.provider.deductPoints(test.deduction(member, 100), WAIT_MS),
      );
      expect(error.kind).toBe(kind);
      expect(await test.movements(member)).toEqual([]);
    });

    it('takes nothing when nobody listens', async () => {
      const member = await test.member(500);
      const provider = test.providerWith({ baseUrl: 'http://127.0.0.1:1' });
      const error = await test.failure(provider.deductPoints(test.deduction(member, 100), WAIT_MS));
      expect(error.kind).toBe('not-sent');
    });

    it('sends nothing when no time is left', async () => {
      const member = await test.member(500);
      const error = await test.failure(test.provider.deductPoints(test.deduction(member, 100), 0));
      expect(error.kind).toBe('not-sent');
      expect(await test.movements(member)).toEqual([]);
    });

    it.each(UNKNOWN_OUTCOMES)(
      'leaves the outcome open after %s, and a look-up tells it',
      async (fault, movements) => {
        const member = await test.member(500);
        const deduction = test.deduction(member, 100);
        await test.provider.checkBalance(member.alias);
        await test.fault('deduct', fault);
        const error = await test.failure(test.provider.deductPoints(deduction, SHORT_WAIT_MS));
        expect(error.kind).toBe('unknown');
        await test.sandbox.clearFaults();
        await expect
          .poll(() => test.provider.findDeduction(deduction), { timeout: WAIT_MS })
          .toMatchObject(
            movements.length === 0 ? { kind: 'not-found' } : { kind: 'found', applied: true },
          );
        expect(await test.movements(member)).toEqual(movements);
      },
    );
  });
}

function describeLookUps(test: ProviderTest): void {
  describe('looking up a deduction', () => {
    it('finds it under the reference it was deducted with', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      expect(await test.provider.findDeduction(deduction)).toEqual({
        kind: 'found',
        reference,
        applied: true,
      });
    });

    it('tells two equal deductions of one member apart', async () => {
      const member = await test.member(500);
      const [first, second] = [test.deduction(member, 100), test.deduction(member, 100)];
      const deducted = await test.provider.deductPoints(first, WAIT_MS);
      expect(await test.provider.findDeduction(second)).toEqual({ kind: 'not-found' });
      await test.provider.deductPoints(second, WAIT_MS);
      expect(await test.provider.findDeduction(first)).toMatchObject({
        kind: 'found',
        reference: deducted.reference,
      });
    });

    it('leaves it to a person when one redemption was deducted twice', async () => {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const first = await test.provider.deductPoints(deduction, WAIT_MS);
      const second = await test.provider.deductPoints(deduction, WAIT_MS);
      const finding = await test.provider.findDeduction(deduction);
      expect(finding.kind).toBe('ambiguous');
      expect(finding).toMatchObject({
        references: expect.arrayContaining([first.reference, second.reference]) as unknown,
      });
    });

    it('finds it behind many others', { timeout: 30_000 }, async () => {
      const member = await test.member(100_000);
      await test.sandbox.switch({ rateLimit: false });
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      for (let round = 0; round < 21; round += 1)
        await Promise.all(
          Array.from({ length: 10 }, () =>
            test.provider.deductPoints(test.deduction(member, 100), WAIT_MS),
          ),
        );
      expect(await test.provider.findDeduction(deduction)).toMatchObject({
        kind: 'found',
        reference,
      });
    });
  });
}

function describeRestoration(test: ProviderTest): void {
  describe('restoring', () => {
    async function deducted(): Promise<{
      member: Member;
      deduction: Deduction;
      reference: string;
    }> {
      const member = await test.member(500);
      const deduction = test.deduction(member, 100);
      const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
      return { member, deduction, reference };
    }

    it('gives the whole deduction back, and a look-up finds that', async () => {
      const { member, deduction, reference } = await deducted();
      expect(await test.provider.findRestoration(deduction, reference)).toEqual({
        kind: 'not-found',
      });
      const restored = await test.provider.restorePoints(deduction, reference, WAIT_MS);
      expect(await test.provider.findRestoration(deduction, reference)).toEqual({
        kind: 'found',
        reference: restored.reference,
        applied: true,
      });
      expect(await test.movements(member)).toEqual([-100, 100]);
      // A redemption that was given back was one all the same.
      expect(await test.provider.findDeduction(deduction)).toMatchObject({
        kind: 'found',
        reference,
      });
    });

    it('says so when the provider refuses', async () => {
      const { member, deduction, reference } = await deducted();
      await test.fault('restore', 'refuse');
      const error = await test.failure(test.provider.restorePoints(deduction, reference, WAIT_MS));
      expect(error).toMatchObject({ kind: 'refused' });
      expect(await test.movements(member)).toEqual([-100]);
    });

    it.each(UNKNOWN_OUTCOMES)(
      'leaves the outcome open after %s, and a look-up tells it',
      async (fault, committed) => {
        const { member, deduction, reference } = await deducted();
        await test.fault('restore', fault);
        const error = await test.failure(
          test.provider.restorePoints(deduction, reference, SHORT_WAIT_MS),
        );
        expect(error.kind).toBe('unknown');
        await test.sandbox.clearFaults();
        await expect
          .poll(() => test.provider.findRestoration(deduction, reference), { timeout: WAIT_MS })
          .toMatchObject(
            committed.length === 0 ? { kind: 'not-found' } : { kind: 'found', applied: true },
          );
        expect(await test.movements(member)).toEqual(committed.length === 0 ? [-100] : [-100, 100]);
      },
    );
  });
}
