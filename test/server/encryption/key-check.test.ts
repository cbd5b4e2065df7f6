/** Keys that do not fit those of the namespace's workers stop a worker, and a client before its first message. */
import { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { encryptionWith } from '../../../src/encryption/data-converter.ts';
import { checkKeys, keepKeyCheck } from '../../../src/encryption/key-check.ts';
import type { KeyRing } from '../../../src/encryption/key-ring.ts';
import { SettingsError } from '../../../src/schemas/settings-error.ts';
import { keyRingOf, newKey } from '../../support/key-rings.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const ours = keyRingOf(newKey('2026-11'));
const temporalWith = (keys: KeyRing) => {
  const { namespace } = env.temporal.options;
  const dataConverter = encryptionWith(keys);
  return new Client({ connection: env.server.connection, namespace, dataConverter });
};
const start = (keys: KeyRing) => keepKeyCheck(temporalWith(keys), keys);

it('a worker with the keys of the fleet starts, again and again', async () => {
  await start(ours);
  await start(ours);
  await expect(checkKeys(temporalWith(ours))).resolves.toBeUndefined();
});

it('a worker with another member hash key does not start', async () => {
  await start(ours);
  const others: KeyRing = { ...ours, memberHashKey: Buffer.alloc(32, 7) };
  await expect(start(others)).rejects.toThrow(/^The memberHashKey of REDEMPTION_ENCRYPTION_KEYS/);
});

it('a worker and a client with other keys are stopped, and the client sends nothing', async () => {
  await start(ours);
  const others = keyRingOf(newKey('2027-01'));
  await expect(start(others)).rejects.toThrow(SettingsError);
  await expect(checkKeys(temporalWith(others))).rejects.toThrow(SettingsError);
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice);
  await expect(env.clientWith(others).redeem(request)).rejects.toMatchObject({
    code: 'invalid-settings',
    message: expect.stringContaining('does not fit the namespace'),
  });
  await expect(env.handle(request).describe()).rejects.toThrow();
  expect(await env.moved(alice)).toEqual([]);
});
