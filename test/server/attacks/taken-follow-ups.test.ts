/** Whoever reaches Temporal takes the id of a sale's watch or case before the sale can start it. The sale does not end silently. */
import { describe, expect, it } from 'vitest';
import type { SaleId } from '../../../src/domain/sale-id.ts';
import { workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { awaited } from '../../support/awaited.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT } from '../../support/words.ts';

const env = useTestEnvironment();
const program = 'coffee-club';

describe('a sale under whose follow-up’s id a stray runs', () => {
  /** Nobody serves it, so it stays. */
  const takeIdOf = (type: 'watch' | 'case', sale: SaleId) =>
    strangerWith(env).workflow.start(type, {
      workflowId: workflowIdOf(type, sale),
      taskQueue: 'nobody-serves-strays',
      args: [],
    });

  it.each(bothPrograms)(
    'at %s watches itself for points that land late, and gives them back',
    async (provider) => {
      const alice = await env.sandbox.member(provider, 1_000);
      const request = env.request(alice, { program: `${provider}-watched`, deductByMs: 4_000 });
      const stray = await takeIdOf('watch', request);
      await env.atProvider(provider, 'deduct', 'slow', { delayMs: 6_000 });
      expect(await env.redeem(request)).toMatchObject({ status: 'declined', granted: false });
      expect(await env.until(request, 'compensated')).toMatchObject({ reason: 'late-deduction' });
      await stray.terminate('the test is over');
      expect(await env.moved(alice)).toEqual([-200, 200]);
    },
  );

  it('asks an operator itself about a payment that came late', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { paymentDeadlineMs: 1_000 });
    const stray = await takeIdOf('case', request);
    await env.atProvider(program, 'restore', 'refuse');
    await env.redeem(request);
    await env.until(request, 'needs-attention');
    await env.capture(request, { paymentId: 'pay-1' });
    await env.client.retry(request, ACT);
    await awaited('the question', async () => {
      const { status, reason } = await env.status(request);
      return status === 'needs-attention' && reason === 'late-capture';
    });
    await env.client.resolve(request, { ...ACT, resolution: 'deduct-again' });
    const ended = await env.ended(request);
    expect(ended).toMatchObject({ status: 'completed' });
    expect(ended.timeline.some(({ what }) => what.includes('the id of its case is taken'))).toBe(
      true,
    );
    await stray.terminate('the test is over');
    expect(await env.moved(alice)).toEqual([-200, 200, -200]);
  });
});
