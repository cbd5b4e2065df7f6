/** A run can be reset to any of its workflow tasks; what it keeps of its history must still be what its code would do. */
import { describe, expect, it } from 'vitest';
import { bothPrograms } from '../../support/program-variants.ts';
import { resetRun } from '../../support/reset-run.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, moved } = env;

describe.each(bothPrograms)('a run of %s that was reset to any of its steps', (program) => {
  it.each([0, 1, -2, -1])('carries on while it waits for its payment (task %i)', async (nth) => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await resetRun(env, request, nth);
    await env.until(request, 'awaiting-payment');
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
  });

  it.each([0, 1, 2, -1])('gives nothing back twice after its end (task %i)', async (nth) => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await voidSale(request);
    await env.ended(request);
    await resetRun(env, request, nth);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });
});
