/** A run that an operator set back in Temporal does again what it did before, and must not take the points twice. */
import { describe, expect, it, vi } from 'vitest';
import { bothPrograms } from '../../support/program-variants.ts';
import { resetRun } from '../../support/reset-run.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, status, moved, atProvider } = env;

describe.each(bothPrograms)('a run of %s that was reset', (program) => {
  async function granted(points = 1_000) {
    const alice = await env.sandbox.member(program, points);
    const request = env.request(alice);
    const { providerReference } = await redeem(request);
    return { alice, request, providerReference };
  }

  async function isDeducting() {
    const faults = await env.sandbox.faults();
    return faults.some(({ fired }) => fired > 0);
  }

  it('finds what it deducted, deducts nothing, and can be completed', async () => {
    const { alice, request, providerReference } = await granted();
    await resetRun(env, request);
    expect(await env.until(request, 'awaiting-payment')).toMatchObject({
      granted: true,
      providerReference,
    });
    expect(await moved(alice)).toEqual([-200]);
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('can be voided, and gives back once', async () => {
    const { alice, request } = await granted();
    await resetRun(env, request);
    await env.until(request, 'awaiting-payment');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('finds it also when the points that are left would not suffice', async () => {
    const { alice, request } = await granted(300);
    await resetRun(env, request);
    await env.until(request, 'awaiting-payment');
    await voidSale(request);
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('knows again the payment that it was told of', async () => {
    const { alice, request } = await granted();
    await capture(request);
    await env.ended(request);
    await resetRun(env, request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('gives nothing back twice when the points went back before the reset', async () => {
    const { alice, request } = await granted();
    await voidSale(request);
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
    await resetRun(env, request);
    await env.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('is watched after a decline, for what it sent before may land late', async () => {
    const alice = await env.sandbox.member(program, 300);
    const request = env.request(alice, { program: `${program}-watched` });
    await atProvider(program, 'deduct', 'cut-before-commit');
    const answer = redeem(request).catch((error: unknown) => error);
    await env.until(request, 'resolving-deduction');
    await env.sandbox.spend(alice, 200);
    await resetRun(env, request);
    await answer;
    expect(await env.ended(request)).toMatchObject({ status: 'declined' });
    const watch = `watch:${request.program}:${request.redemptionId}`;
    const { status: run } = await env.temporal.workflow.getHandle(watch).describe();
    expect(['RUNNING', 'COMPLETED']).toContain(run.name);
    expect(await moved(alice)).toEqual([-200]);
  });

  it('deducts nothing when it finds nothing, for what it sent before may land late', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { program: `${program}-watched` });
    await atProvider(program, 'deduct', 'slow', { delayMs: 3_000 });
    const answer = redeem(request).catch((error: unknown) => error);
    await vi.waitUntil(isDeducting, { timeout: 20_000 });
    await resetRun(env, request);
    await answer;
    expect(await env.ended(request)).toMatchObject({ status: 'declined', granted: false });
    const watch = `watch:${request.program}:${request.redemptionId}`;
    await env.temporal.workflow.getHandle(watch).result();
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits as long as it takes for the look-up', async () => {
    const { alice, request } = await granted();
    const lookUp = program === 'coffee-club' ? 'events' : 'history';
    await atProvider(program, lookUp, 'error-before-commit', { times: 2 });
    await resetRun(env, request);
    await env.until(request, 'awaiting-payment');
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    expect(await status(request)).toMatchObject({ granted: true });
  });
});
