/** Temporal refuses at once, here because the namespace does not exist: nobody is told that it did not answer. */
import { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { encryptionWith } from '../../../src/encryption/data-converter.ts';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { RedemptionClient } from '../../../src/index.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

it('a till is told what Temporal said, also of a sale whose time is given', async () => {
  const { connection } = env.server;
  const dataConverter = encryptionWith(sandboxKeyRing);
  const temporal = new Client({ connection, namespace: 'no-such-namespace', dataConverter });
  const elsewhere = new RedemptionClient({ temporal, programs: env.programs });
  const alice = await env.sandbox.member('coffee-club', 1_000);
  for (const more of [{}, { saleTime: new Date().toISOString() }]) {
    const request = env.request(alice, { deductByMs: 20_000, ...more });
    await expect(elsewhere.redeem(request)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^(?!.*no answer within).*no-such-namespace/),
    });
  }
  expect(await env.moved(alice)).toEqual([]);
});
