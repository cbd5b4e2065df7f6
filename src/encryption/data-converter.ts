import type { DataConverter } from '@temporalio/common';
import { fileURLToPath } from 'node:url';
import { EncryptionCodec, WorkerEncryptionCodec } from './codec.ts';
import { readKeyRing, sandboxKeyRing, type KeyRing } from './key-ring.ts';

/** The workflow bundle uses it too, because failures also arise in workflow code. */
export const failureConverterPath = fileURLToPath(
  new URL('./failure-converter.js', import.meta.url),
);

/**
 * Makes the data converter that every process of a namespace needs. Without a file it has the sandbox's keys, which no real
 * program accepts.
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

/** A worker's own: its runs are told how each message came to them. */
export function workerEncryption(keyRing: KeyRing): DataConverter {
  return { failureConverterPath, payloadCodecs: [new WorkerEncryptionCodec(keyRing)] };
}
