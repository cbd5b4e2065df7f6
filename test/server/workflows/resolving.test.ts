/** The answer to a deduction is lost: it is never sent again, and what became of it is found out. */
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { createProvider } from '../../../src/loyalty/index.ts';
import { awaited } from '../../support/awaited.ts';
import { lookUpOf } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, moved, abandon } = env;

/** The settling time ends with it, and the provider is given half of it to answer. */
const SHORT = { deductByMs: 3_000 };

const resolve = (
  { program, redemptionId }: RedemptionRequest,
  resolution: 'adopt' | 'not-deducted',
  reference?: string,
) =>
  env.client.resolve(
    { program, redemptionId },
    {
      ...ACT,
      resolution,
      ...(reference !== undefined && { reference }),
    },
  );

describe.each(bothPrograms)('a deduction of %s whose answer is lost', (program) => {
  const member = () => env.sandbox.member(program, 1_000);

  it.each(['cut-after-commit', 'error-after-commit', 'unreadable-after-commit'] as const)(
    'is found and adopted, and the till is granted in time (%s)',
    async (fault) => {
      const alice = await member();
      const request = env.request(alice, SHORT);
      await atProvider(program, 'deduct', fault);
      const answer = await redeem(request);
      expect(answer).toMatchObject({ status: 'awaiting-payment', granted: true });
      expect(answer.providerReference).toBeDefined();
      expect(await moved(alice)).toEqual([-200]);
      await capture(request);
      expect(await env.ended(request)).toMatchObject({ status: 'completed' });
      expect(await moved(alice)).toEqual([-200]);
    },
  );

  it('is given back by the reference that was found', async () => {
    const alice = await member();
    const request = env.request(alice, SHORT);
    await atProvider(program, 'deduct', 'cut-after-commit');
    await redeem(request);
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is given back when it is found after *deduct by*, because the till was told no', async () => {
    const alice = await member();
    const request = env.request(alice, SHORT);
    await atProvider(program, 'deduct', 'cut-after-commit');
    await atProvider(program, lookUpOf(program), 'slow', { delayMs: 4_000 });
    expect(await redeem(request)).toMatchObject({ granted: false });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated', reason: 'too-late' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it.each(['cut-before-commit', 'error-before-commit'] as const)(
    'is declined, and not sent again, when the settling time finds nothing (%s)',
    async (fault) => {
      const alice = await member();
      const request = env.request(alice, SHORT);
      await atProvider(program, 'deduct', fault);
      expect(await redeem(request)).toMatchObject({
        status: 'declined',
        reason: 'provider-failed',
        granted: false,
      });
      expect(await moved(alice)).toEqual([]);
    },
  );

  it('is given back when it lands after the decline', async () => {
    const alice = await member();
    const request = env.request(alice, {
      program: `${program}-watched`,
      deductByMs: 2_000,
    });
    await atProvider(program, 'deduct', 'slow', { delayMs: 4_000 });
    expect(await redeem(request)).toMatchObject({
      status: 'declined',
      reason: 'provider-failed',
      granted: false,
    });
    expect(await moved(alice)).toEqual([]);
    expect(await env.until(request, 'compensated')).toMatchObject({
      reason: 'late-deduction',
      granted: false,
    });
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits for a person when no look-up is answered', async () => {
    const alice = await member();
    const request = env.request(alice, SHORT);
    await atProvider(program, 'deduct', 'cut-after-commit');
    await atProvider(program, lookUpOf(program), 'error-before-commit', { times: 1_000 });
    expect(await redeem(request)).toMatchObject({ granted: false });
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'deduction-unknown',
      granted: false,
      acts: ['retry', 'adopt', 'not-deducted'],
    });
    expect(await moved(alice)).toEqual([-200]);
    await abandon(request);
  });
});

describe('at a provider that accepts first and moves the points later', () => {
  const program = 'coffee-club';

  async function unapplied() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, SHORT);
    await atProvider(program, 'deduct', 'missing-reactor');
    expect(await redeem(request)).toMatchObject({ granted: false });
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'deduction-not-applied',
      granted: false,
    });
    return { alice, request };
  }

  it('a deduction without its reaction waits for a person, who may say that it never comes', async () => {
    const { alice, request } = await unapplied();
    await resolve(request, 'not-deducted');
    expect(await env.until(request, 'declined')).toMatchObject({
      reason: 'provider-failed',
      granted: false,
    });
    expect(await moved(alice)).toEqual([]);
  });

  it.each(['second-reactor', 'inverse-reactor'] as const)(
    'a deduction whose reactions add up to other points is never granted, and the sum is named (%s)',
    async (fault) => {
      const sum = fault === 'second-reactor' ? -400 : 200;
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice, SHORT);
      await atProvider(program, 'deduct', fault);
      expect(await redeem(request)).toMatchObject({ granted: false });
      const view = await env.until(request, 'needs-attention');
      expect(view).toMatchObject({ reason: 'deduction-not-applied', granted: false });
      expect(view.message).toContain(`its reactions add up to ${sum} points, not -200`);
      await abandon(request);
    },
  );

  it('the sum of a deduction whose answer was lost is named, too', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, SHORT);
    await atProvider(program, 'deduct', 'second-reactor');
    await atProvider(program, 'reactions', 'error-before-commit');
    await atProvider(program, 'reactions', 'hang-before-commit');
    expect(await redeem(request)).toMatchObject({ granted: false });
    const view = await env.until(request, 'needs-attention');
    expect(view.message).toContain('its reactions add up to -400 points, not -200');
    await abandon(request);
  });

  it('a deduction that moved no points cannot be adopted, for nothing is there to give back', async () => {
    const { alice, request } = await unapplied();
    const settings = env.programs.get(program);
    if (settings === undefined) throw new Error(`no program ${program}`);
    const found = await createProvider(settings).findDeduction({
      ...request,
      memberId: alice.memberId,
      points: 200,
      discountMinor: 200,
      since: new Date().toISOString(),
    });
    if (found.kind !== 'found') throw new Error(found.kind);
    await expect(resolve(request, 'adopt', found.reference)).rejects.toMatchObject({
      code: 'refused',
    });
    expect(await status(request)).toMatchObject({ status: 'needs-attention' });
    await resolve(request, 'not-deducted');
    await env.until(request, 'declined');
    expect(await moved(alice)).toEqual([]);
  });
});

describe('at a provider whose history does not name the sale', () => {
  it('two equal deductions are told apart by a person, who cannot give one away twice', async () => {
    await env.sandbox.switch({ historyMerchantName: false });
    const alice = await env.sandbox.member('travel-miles', 1_000);
    const other = env.request(alice);
    const { providerReference = '' } = await redeem(other);
    const request = env.request(alice);
    await atProvider('travel-miles', 'deduct', 'cut-after-commit');
    expect(await redeem(request)).toMatchObject({
      status: 'needs-attention',
      reason: 'deduction-unknown',
      granted: false,
    });
    expect((await status(request)).message).toContain(providerReference);

    // Temporal's visibility, which knows the member's other sales, is a moment behind.
    await awaited('the other sale in the list', async () => {
      const { workflow } = env.temporal;
      const { count } = await workflow.count(
        `WorkflowId = 'redemption:travel-miles:${other.redemptionId}'`,
      );
      return count > 0;
    });
    await expect(resolve(request, 'adopt', providerReference)).rejects.toMatchObject({
      code: 'refused',
    });
    expect(await status(request)).toMatchObject({ status: 'needs-attention' });

    const { movements } = await env.sandbox.ledger(alice);
    await resolve(request, 'adopt', movements.at(-1)?.reference);
    // The till was told no when the sale began to wait for a person, and that stays so.
    expect(await env.ended(request)).toMatchObject({
      status: 'compensated',
      reason: 'too-late',
    });
    expect(await moved(alice)).toEqual([-200, -200, 200]);
    expect(await status(other)).toMatchObject({ granted: true });
    await voidSale(other);
    await env.ended(other);
    expect(await moved(alice)).toEqual([-200, -200, 200, 200]);
  });
});
