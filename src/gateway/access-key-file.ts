/** The file of access keys (`GATEWAY_ACCESS_KEYS`): written by the command line, followed by the gateway. */
import type { FastifyBaseLogger } from 'fastify';
import { writeSecretFile } from '../files/secret-file.ts';
import { checkSettings, demandPrograms, parseSettings, textOf } from '../files/settings-file.ts';
import type { Programs } from '../programs/programs.ts';
import { accessKeysSchema, findAccessKey, type AccessKey } from './access-keys.ts';

/** Its text is compared: that also sees a file that was replaced, or is a link to another one since. */
const LOOK_EVERY_MS = 1_000;

/** @throws SettingsError in one sentence that names the field and the remedy */
export function readAccessKeys(file: string): AccessKey[] {
  return keysIn(textOf(file), file);
}

/** @throws SettingsError when the keys are not valid, or the file cannot be written */
export function writeAccessKeys(file: string, keys: readonly unknown[]): void {
  writeSecretFile(file, checkSettings({ keys }, sourceOf(file)));
}

export interface AccessKeys {
  find(secret: string): AccessKey | undefined;
  stop(): void;
}

/**
 * Follows the file while the gateway runs: a change counts within a second or two. One that cannot be used is logged,
 * and the keys from before stay.
 * @throws SettingsError when it cannot be used at the start
 */
export function followAccessKeys(
  file: string,
  programs: Programs,
  log: FastifyBaseLogger,
): AccessKeys {
  let text = textOf(file);
  let keys = forPrograms(programs, keysIn(text, file), file);
  const look = (): void => {
    const now = textOf(file);
    if (now === text) return;
    text = now;
    try {
      keys = forPrograms(programs, keysIn(text, file), file);
      log.info({ keys: keys.map(({ id }) => id) }, 'access keys read again');
    } catch (error) {
      log.error(`${(error as Error).message} The previous keys stay in use.`);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    find: (secret) => findAccessKey(keys, secret),
    stop: () => clearInterval(timer),
  };
}

function forPrograms(programs: Programs, keys: AccessKey[], file: string): AccessKey[] {
  for (const key of keys)
    demandPrograms(key.programs ?? [], `key ${key.id}`, programs, sourceOf(file));
  return keys;
}

function keysIn(text: string | undefined, file: string): AccessKey[] {
  return parseSettings(text, sourceOf(file)).keys;
}

function sourceOf(file: string) {
  return {
    setting: 'GATEWAY_ACCESS_KEYS',
    file,
    schema: accessKeysSchema,
    remedy: 'create it with "npm run starter -- access-keys create"',
  };
}
