/** A run that an operator set back in Temporal does again what it did before, and must not take the points twice. */
import { describe, expect, it, vi } from 'vitest';
import { resetRun } from '../../support/reset-run.ts';
import { bothPrograms, useShop } from '../../support/use-environment.ts';

const floor = useShop('local');
const { redeem, capture, voidSale, status, moved, atProvider } = floor;

describe.each(bothPrograms)('a run of %s that was reset', (program) => {
  async function granted(points = 1_000) {
    const alice = await floor.shop.sandbox.member(program, points);
    const request = floor.shop.request(alice);
    const { providerReference } = await redeem(request);
    return { alice, request, providerReference };
  }

  async function isDeducting() {
    const response = await fetch(`${floor.shop.sandbox.origin}/faults`);
    const { faults } = (await response.json()) as { faults: { fired: number }[] };
    return faults.some(({ fired }) => fired > 0);
  }

  it('finds what it deducted, deducts nothing, and can be completed', async () => {
    const { alice, request, providerReference } = await granted();
    await resetRun(floor.shop, request);
    expect(await floor.shop.until(request, 'awaiting-payment')).toMatchObject({
      granted: true,
      providerReference,
    });
    expect(await moved(alice)).toEqual([-200]);
    await capture(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('can be voided, and gives back once', async () => {
    const { alice, request } = await granted();
    await resetRun(floor.shop, request);
    await floor.shop.until(request, 'awaiting-payment');
    await voidSale(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('finds it also when the points that are left would not suffice', async () => {
    const { alice, request } = await granted(300);
    await resetRun(floor.shop, request);
    await floor.shop.until(request, 'awaiting-payment');
    await voidSale(request);
    await floor.shop.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('knows again the payment that it was told of', async () => {
    const { alice, request } = await granted();
    await capture(request);
    await floor.shop.ended(request);
    await resetRun(floor.shop, request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    await voidSale(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('gives nothing back twice when the points went back before the reset', async () => {
    const { alice, request } = await granted();
    await voidSale(request);
    await floor.shop.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
    await resetRun(floor.shop, request);
    await floor.shop.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is watched after a decline, for what it sent before may land late', async () => {
    const alice = await floor.shop.sandbox.member(program, 300);
    const request = floor.shop.request(alice, { program: `${program}-watched` });
    await atProvider(program, 'deduct', 'cut-before-commit');
    const answer = redeem(request).catch((error: unknown) => error);
    await floor.shop.until(request, 'resolving-deduction');
    await floor.shop.sandbox.spend(alice, 200);
    await resetRun(floor.shop, request);
    await answer;
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'declined' });
    const watch = `watch:${request.program}:${request.redemptionId}`;
    const { status: run } = await floor.shop.env.client.workflow.getHandle(watch).describe();
    expect(['RUNNING', 'COMPLETED']).toContain(run.name);
    expect(await moved(alice)).toEqual([-200]);
  });

  it('deducts nothing when it finds nothing, for what it sent before may land late', async () => {
    const alice = await floor.shop.sandbox.member(program, 1_000);
    const request = floor.shop.request(alice, { program: `${program}-watched` });
    await atProvider(program, 'deduct', 'slow', { delayMs: 3_000 });
    const answer = redeem(request).catch((error: unknown) => error);
    await vi.waitUntil(isDeducting, { timeout: 20_000 });
    await resetRun(floor.shop, request);
    await answer;
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'declined', granted: false });
    const watch = `watch:${request.program}:${request.redemptionId}`;
    await floor.shop.env.client.workflow.getHandle(watch).result();
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits as long as it takes for the look-up', async () => {
    const { alice, request } = await granted();
    const lookUp = program === 'coffee-club' ? 'events' : 'history';
    await atProvider(program, lookUp, 'error-before-commit', { times: 2 });
    await resetRun(floor.shop, request);
    await floor.shop.until(request, 'awaiting-payment');
    await capture(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    expect(await status(request)).toMatchObject({ granted: true });
  });
});
