import type { Client } from '@temporalio/client';
import { RedemptionError } from '../domain/errors.ts';
import { isSandboxProgram, type Programs } from '../programs/programs.ts';
import { SettingsError } from '../schemas/settings-error.ts';
import { EncryptionCodec } from './codec.ts';
import { checkKeys } from './key-check.ts';
import { sandboxKeyRing, type KeyRing } from './key-ring.ts';

const CHECK_LIMIT_MS = 1_000;

/**
 * Checks once, before the first message, that this client has the workers' keys, because a message that they cannot decrypt
 * would block its run.
 * @throws SettingsError when the Temporal client encrypts nothing, or real programs with the keys of the sandbox; the check throws
 *   RedemptionError `invalid-settings`
 */
export function createKeyCheck(temporal: Client, programs: Programs): () => Promise<void> {
  const keyRing = keyRingOf(temporal);
  const real = [...programs.values()].find((program) => !isSandboxProgram(program));
  if (real !== undefined && keyRing === sandboxKeyRing)
    throw new SettingsError(
      `The program ${real.id} is a real one, and the Temporal client has the keys of the sandbox: give it the dataConverter encryption(FILE).`,
    );
  let isChecked = false;
  return async () => {
    if (isChecked) return;
    try {
      await temporal.withDeadline(Date.now() + CHECK_LIMIT_MS, () => checkKeys(temporal));
      isChecked = true;
    } catch (error) {
      // The verb that comes next reports an error of Temporal itself.
      if (error instanceof SettingsError)
        throw new RedemptionError('invalid-settings', error.message, { cause: error });
    }
  };
}

/** @throws SettingsError when the Temporal client encrypts nothing */
export function keyRingOf(temporal: Client): KeyRing {
  const codec = temporal.options.loadedDataConverter.payloadCodecs.find(
    (each) => each instanceof EncryptionCodec,
  );
  if (codec === undefined)
    throw new SettingsError(
      'The Temporal client encrypts nothing: give it the dataConverter encryption(FILE), or encryption() for the sandbox.',
    );
  return codec.keyRing;
}
