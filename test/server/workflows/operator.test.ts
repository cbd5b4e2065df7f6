/** What an operator can do to a sale that needs attention, and what is refused. */
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { lookUpOf } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, atProvider, atFulfilment, moved, fulfilmentOf } = env;

type Resolution = Parameters<typeof env.client.resolve>[1];

const ACT = { by: 'olivia', why: 'called the provider' };

const retry = ({ program, redemptionId }: RedemptionRequest, act = ACT) =>
  env.client.retry({ program, redemptionId }, act);
const resolve = (
  { program, redemptionId }: RedemptionRequest,
  resolution: Partial<Resolution> & Pick<Resolution, 'resolution'>,
) => env.client.resolve({ program, redemptionId }, { ...ACT, ...resolution });

describe.each(bothPrograms)('an operator of %s', (program) => {
  async function redeemed(overrides: Partial<RedemptionRequest> = {}) {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, overrides);
    await redeem(request);
    return { alice, request };
  }

  /** Whose restoration the provider refused. */
  async function refused() {
    const { alice, request } = await redeemed();
    await atProvider(program, 'restore', 'refuse');
    await voidSale(request);
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'restoration-refused',
      acts: ['retry', 'restored'],
    });
    expect(await moved(alice)).toEqual([-200]);
    return { alice, request };
  }

  /** Whose deduction was carried out, or was not, and cannot be looked up. */
  async function unknown(fault: 'cut-after-commit' | 'cut-before-commit') {
    await atProvider(program, 'deduct', fault);
    await atProvider(program, lookUpOf(program), 'error-before-commit', { times: 1_000 });
    const { alice, request } = await redeemed({ deductByMs: 3_000 });
    const deductBy = Date.now() + 3_000;
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'deduction-unknown',
    });
    await awaited('the end of the till’s time', () => Promise.resolve(Date.now() > deductBy));
    await env.sandbox.clearFaults();
    return { alice, request };
  }

  describe('of a refused restoration', () => {
    it('has it tried again', async () => {
      const { alice, request } = await refused();
      await retry(request);
      const view = await env.ended(request);
      expect(view).toMatchObject(VOIDED);
      expect(view.timeline.map(({ what }) => what)).toContain(
        'olivia: retry (called the provider)',
      );
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('has it tried again as often as it takes', async () => {
      const { alice, request } = await refused();
      await atProvider(program, 'restore', 'refuse');
      await retry(request);
      await awaited('the second refusal', async () => {
        const { status: stands, timeline } = await status(request);
        const waits = timeline.filter(({ what }) => what.startsWith('needs-attention'));
        return stands === 'needs-attention' && waits.length === 2;
      });
      await retry(request);
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('says that the points were given back by hand, and nothing is sent', async () => {
      const { alice, request } = await refused();
      await resolve(request, { resolution: 'restored' });
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200]);
    });

    it('gives back once when the answer to the retry is lost', async () => {
      const { alice, request } = await redeemed();
      await atProvider(program, 'restore', 'refuse');
      await voidSale(request);
      await env.until(request, 'needs-attention');
      await atProvider(program, 'restore', 'error-after-commit');
      await retry(request);
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    });
  });

  describe('of a refused cancellation', () => {
    async function stuck() {
      const { alice, request } = await redeemed();
      await capture(request);
      await env.ended(request);
      await atFulfilment('cancel', 'refuse');
      await voidSale(request);
      expect(await env.until(request, 'needs-attention')).toMatchObject({
        reason: 'cancellation-refused',
        acts: ['retry', 'accept'],
      });
      expect(await moved(alice)).toEqual([-200]);
      return { alice, request };
    }

    it('has it tried again, and the points go back after it', async () => {
      const { alice, request } = await stuck();
      await retry(request);
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
      expect(await fulfilmentOf(request)).toBe('cancelled');
    });

    it('leaves the customer what the points bought, and the points stay spent', async () => {
      const { alice, request } = await stuck();
      await resolve(request, { resolution: 'accept' });
      expect(await env.ended(request)).toMatchObject({ status: 'completed' });
      expect(await moved(alice)).toEqual([-200]);
      expect(await fulfilmentOf(request)).toBe('fulfilled');
    });
  });

  describe('of an unknown deduction', () => {
    it('says that nothing was deducted', async () => {
      const { alice, request } = await unknown('cut-before-commit');
      await resolve(request, { resolution: 'not-deducted' });
      expect(await env.until(request, 'declined')).toMatchObject({
        reason: 'provider-failed',
        granted: false,
      });
      expect(await moved(alice)).toEqual([]);
    });

    it('adopts the true reference, and the points go back, for the sale is over', async () => {
      const { alice, request } = await unknown('cut-after-commit');
      const { movements } = await env.sandbox.ledger(alice);
      const reference = movements[0]?.reference ?? '';
      await resolve(request, { resolution: 'adopt', reference });
      expect(await env.ended(request)).toMatchObject({
        status: 'compensated',
        reason: 'too-late',
        granted: false,
        providerReference: reference,
      });
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('has it looked for again', async () => {
      const { alice, request } = await unknown('cut-after-commit');
      await retry(request);
      expect(await env.ended(request)).toMatchObject({
        status: 'compensated',
        reason: 'too-late',
      });
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it("cannot adopt what is nobody's, or another member's", async () => {
      const other = await redeemed();
      const { providerReference = '' } = await status(other.request);
      const { alice, request } = await unknown('cut-after-commit');
      for (const reference of ['4711-no-such', providerReference])
        await expect(resolve(request, { resolution: 'adopt', reference })).rejects.toMatchObject({
          code: 'refused',
          message: expect.stringContaining(reference),
        });
      expect(await status(request)).toMatchObject({ status: 'needs-attention' });
      await retry(request);
      await env.ended(request);
      expect(await moved(alice)).toEqual([-200, 200]);
      expect(await moved(other.alice)).toEqual([-200]);
    });
  });

  describe('is refused', () => {
    it.each([
      { resolution: 'accept' },
      { resolution: 'deduct-again' },
      { resolution: 'not-deducted' },
      { resolution: 'adopt', reference: 'R' },
    ] as const)('$resolution where that is no way out', async (resolution) => {
      const { alice, request } = await refused();
      const before = await status(request);
      await expect(resolve(request, resolution)).rejects.toMatchObject({ code: 'refused' });
      expect(await status(request)).toEqual(before);
      await retry(request);
      await env.ended(request);
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('an act without a name or a reason', async () => {
      const { alice, request } = await refused();
      const before = await status(request);
      const invalid = { code: 'invalid-request' };
      for (const nobody of [{ by: '' }, { why: '' }, { why: 'x'.repeat(201) }]) {
        const act = { ...ACT, ...nobody };
        await expect(retry(request, act)).rejects.toMatchObject(invalid);
        const resolution = { ...act, resolution: 'restored' } as const;
        await expect(resolve(request, resolution)).rejects.toMatchObject(invalid);
      }
      // Whoever sends the update past the client is held to the same.
      for (const payload of [undefined, null, 'retry', {}, { by: 'olivia' }])
        await expect(
          env.handle(request).executeUpdate('retry', { args: [payload] }),
        ).rejects.toThrow();
      expect(await status(request)).toEqual(before);
      await retry(request);
      await env.ended(request);
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('a retry and a resolution of a sale that waits for nobody', async () => {
      const { alice, request } = await redeemed();
      for (const close of [false, true]) {
        if (close) {
          await capture(request);
          await env.ended(request);
        }
        const before = await status(request);
        await expect(retry(request)).rejects.toMatchObject({ code: 'refused' });
        await expect(resolve(request, { resolution: 'restored' })).rejects.toMatchObject({
          code: 'refused',
        });
        expect(await status(request)).toEqual(before);
      }
      expect(await moved(alice)).toEqual([-200]);
    });

    it('a sale that nobody knows', async () => {
      const request = env.request({ program, memberId: 'm', alias: 'm', points: 0 });
      const unknownRedemption = { code: 'unknown-redemption' };
      await expect(retry(request)).rejects.toMatchObject(unknownRedemption);
      await expect(resolve(request, { resolution: 'restored' })).rejects.toMatchObject(
        unknownRedemption,
      );
    });
  });
});

it('one call retries fifty sales that an outage of the providers held up', async () => {
  const sales = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const program = index % 2 === 0 ? 'coffee-club' : 'travel-miles';
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice, { store: 'S-outage' });
      await redeem(request);
      return { alice, request };
    }),
  );
  for (const program of bothPrograms) await atProvider(program, 'restore', 'refuse', { times: 25 });
  await Promise.all(sales.map(({ request }) => voidSale(request)));
  const needsAttention = { needsAttention: true, store: 'S-outage', limit: 100 };
  await awaited('fifty sales in the list', async () => {
    const waiting = await env.client.list(needsAttention);
    return waiting.length === sales.length;
  });

  expect(await env.client.retryAll(`RedemptionStore = 'S-outage'`, ACT)).toEqual({
    retried: 50,
    ended: 0,
  });
  for (const { alice, request } of sales) {
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  }
});
