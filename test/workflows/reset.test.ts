/** A run that an operator set back in Temporal does again what it did before, and must not take the points twice. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RedemptionRequest } from '../../src/client.ts';
import { bothPrograms, useShop } from '../support/shop-floor.ts';

const floor = useShop('local');
const { redeem, capture, voidSale, status, moved, atProvider } = floor;

/** To its first workflow task, which is before the deduction. */
async function reset(request: RedemptionRequest): Promise<void> {
  const { connection, namespace = 'default' } = floor.shop.env;
  const handle = floor.shop.handle(request);
  const { runId } = await handle.describe();
  const { events = [] } = await handle.fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  if (!first?.eventId) throw new Error('no workflow task was completed');
  await connection.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    workflowTaskFinishEventId: first.eventId,
    reason: 'a test',
    requestId: randomUUID(),
  });
}

describe.each(bothPrograms)('a run of %s that was reset', (program) => {
  async function granted(points = 1_000) {
    const alice = await floor.shop.sandbox.member(program, points);
    const request = floor.shop.request(alice);
    const { providerReference } = await redeem(request);
    return { alice, request, providerReference };
  }

  it('finds what it deducted, deducts nothing, and can be completed', async () => {
    const { alice, request, providerReference } = await granted();
    await reset(request);
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
    await reset(request);
    await floor.shop.until(request, 'awaiting-payment');
    await voidSale(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('finds it also when the points that are left would not suffice', async () => {
    const { alice, request } = await granted(300);
    await reset(request);
    await floor.shop.until(request, 'awaiting-payment');
    await voidSale(request);
    await floor.shop.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('knows again the payment that it was told of', async () => {
    const { alice, request } = await granted();
    await capture(request);
    await floor.shop.ended(request);
    await reset(request);
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
    await reset(request);
    await floor.shop.ended(request);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('waits as long as it takes for the look-up', async () => {
    const { alice, request } = await granted();
    const lookUp = program === 'coffee-club' ? 'events' : 'history';
    await atProvider(program, lookUp, 'error-before-commit', { times: 2 });
    await reset(request);
    await floor.shop.until(request, 'awaiting-payment');
    await capture(request);
    expect(await floor.shop.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200]);
    expect(await status(request)).toMatchObject({ granted: true });
  });
});
