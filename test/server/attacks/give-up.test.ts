/** A request that times out speaks for itself alone: it never ends a sale that another request has started. */
import { describe, expect, it } from 'vitest';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const SLOW_MS = 4_000;

describe.each(bothPrograms)('a request that times out, at %s,', (program) => {
  async function slowSale() {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { deductByMs: 20_000 });
    await env.atProvider(program, 'deduct', 'slow', { delayMs: SLOW_MS });
    const first = env.redeem(request);
    await env.until(request, 'deducting');
    return { alice, request, first };
  }

  it.each([
    [
      'with other content and a shorter wait',
      'conflict',
      { till: 'T99', store: 'S99', deductByMs: 1_000 },
    ],
    ["as the till's own repetition with a shorter wait", 'unavailable', { deductByMs: 1_000 }],
  ])('leaves the sale alone %s', async (_, code, changed) => {
    const { alice, request, first } = await slowSale();
    await expect(env.redeem({ ...request, ...changed })).rejects.toMatchObject({ code });
    expect(await first).toMatchObject({ status: 'awaiting-payment', granted: true });
    await env.capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('ends its own sale, so that the no it was told stays true', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { deductByMs: 1_000 });
    await env.stopWorker();
    expect(await env.redeem(request)).toMatchObject({ granted: false, reason: 'too-late' });
    await env.startWorker();
    expect(await env.ended(request)).toMatchObject({ status: 'declined' });
    expect(await env.moved(alice)).toEqual([]);
  });

  it('starts no reversal of a sale that was completed meanwhile', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    await env.capture(request);
    await env.ended(request);
    expect(await env.redeem({ ...request, deductByMs: 1_000 })).toMatchObject({
      status: 'completed',
      granted: true,
    });
    expect(await env.moved(alice)).toEqual([-200]);
  });
});
