import type { DataConverter } from '@temporalio/common';
import { fileURLToPath } from 'node:url';
import { EncryptionCodec } from './codec.ts';
import { readKeyRing, sandboxKeyRing, type KeyRing } from './key-ring.ts';

/** Also for the workflow bundle, for failures that arise in workflow code. */
export const failureConverterPath = fileURLToPath(
  new URL('./failure-converter.js', import.meta.url),
);

/**
 * The data converter of every process that shares redemptions with others. Without a file, the one for the sandbox's
 * programs alone.
 *
 * @example new Client({ connection, dataConverter: encryption('keys.json') })
 * @throws SettingsError in one sentence, when the file is missing or malformed
 */
export function encryption(keysFile?: string): DataConverter {
  return encryptionWith(keysFile === undefined ? sandboxKeyRing : readKeyRing(keysFile));
}

export function encryptionWith(keyRing: KeyRing): DataConverter {
  return { failureConverterPath, payloadCodecs: [new EncryptionCodec(keyRing)] };
}
