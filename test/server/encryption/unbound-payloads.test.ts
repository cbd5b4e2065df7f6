/** Payloads that are encrypted with our keys for no run in particular, because they are from before payloads were bound. */
import { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { failureConverterPath } from '../../../src/encryption/data-converter.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { RedemptionClient } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { UnboundCodec, UnboundWorkerCodec } from '../../support/older-payloads.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const ACT = { by: 'olivia', why: 'the provider is back' };

function unboundTemporal(): Client {
  const { connection, options } = env.temporal;
  return new Client({
    connection,
    namespace: options.namespace,
    dataConverter: { failureConverterPath, payloadCodecs: [new UnboundCodec(sandboxKeyRing)] },
  });
}

describe.each(bothPrograms)('unbound payloads, at %s,', (program) => {
  it('carry a sale of an older client to its end', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    const older = new RedemptionClient({ temporal: unboundTemporal(), programs: env.programs });
    expect(await older.redeem(request)).toMatchObject({ granted: true });
    await older.capture(request);
    expect(await older.wait(request, 30_000)).toMatchObject({ status: 'completed' });
    await older.void(request);
    expect(await older.wait(request, 30_000)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it.each(['restorePoints', 'fulfil'] as const)(
    'of an order to %s that an older worker gave, and that waits, lead to the same end',
    async (activity) => {
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice);
      await env.redeem(request);
      await env.stopWorker();
      const codec = new UnboundWorkerCodec(sandboxKeyRing);
      const stopOlder = await env.startWorkerBeside({ only: 'workflows', codec });
      await (activity === 'fulfil' ? env.capture(request) : env.voidSale(request));
      await awaited('the order', async () => {
        const { raw } = await env.handle(request).describe();
        return (
          raw.pendingActivities?.some(({ activityType }) => activityType?.name === activity) ??
          false
        );
      });
      await stopOlder();
      await env.startWorker();
      const [status, moved] =
        activity === 'fulfil' ? ['completed', [-200]] : ['compensated', [-200, 200]];
      expect(await env.ended(request)).toMatchObject({ status });
      expect(await env.moved(alice)).toEqual(moved);
    },
  );

  it('settle what waits for an operator only where they name the sale', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.atProvider(program, 'restore', 'refuse');
    await env.redeem(request);
    await env.voidSale(request);
    await env.until(request, 'needs-attention');
    const handle = unboundTemporal().workflow.getHandle(env.handle(request).workflowId);
    const { redemptionId } = request;
    for (const act of [
      ACT,
      { ...ACT, program, redemptionId: `${redemptionId}-other` },
      { ...ACT, program: 'other', redemptionId },
    ])
      await expect(handle.executeUpdate('retry', { args: [act] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining(request.redemptionId) },
      });
    expect(await env.status(request)).toMatchObject({ status: 'needs-attention' });
    const named = { ...ACT, program, redemptionId };
    await handle.executeUpdate('retry', { args: [named] });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });
});
