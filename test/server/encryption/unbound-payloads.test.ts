/**
 * Payloads that are encrypted with our keys for no run in particular: those of runs from before payloads were bound, and
 * those that the codec server encrypts on behalf of Temporal UI.
 */
import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import { failureConverterPath } from '../../../src/encryption/data-converter.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { RedemptionClient } from '../../../src/index.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const ACT = { by: 'olivia', why: 'the provider is back' };

class UnboundCodec extends EncryptionCodec {
  override encode(payloads: Payload[]): Promise<Payload[]> {
    return super.encode(payloads);
  }
}

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

  it('settle what waits for an operator only where they name the sale', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.atProvider(program, 'restore', 'refuse');
    await env.redeem(request);
    await env.voidSale(request);
    await env.until(request, 'needs-attention');
    const handle = unboundTemporal().workflow.getHandle(env.handle(request).workflowId);
    for (const act of [ACT, { ...ACT, redemptionId: `${request.redemptionId}-other` }])
      await expect(handle.executeUpdate('retry', { args: [act] })).rejects.toMatchObject({
        cause: { message: expect.stringContaining(request.redemptionId) },
      });
    expect(await env.status(request)).toMatchObject({ status: 'needs-attention' });
    const named = { ...ACT, redemptionId: request.redemptionId };
    await handle.executeUpdate('retry', { args: [named] });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });
});
