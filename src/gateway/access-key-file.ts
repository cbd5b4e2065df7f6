/** The file of access keys (`GATEWAY_ACCESS_KEYS`). The command line writes it, and the gateway follows it. */
import type { FastifyBaseLogger } from 'fastify';
import { writeSecretFile } from '../files/secret-file.ts';
import { checkSettings, demandPrograms, parseSettings, textOf } from '../files/settings-file.ts';
import type { Programs } from '../programs/programs.ts';
import { accessKeysSchema, findAccessKey, type AccessKey } from './access-keys.ts';

/** The text is compared, because this also notices a file that was replaced, or that became a link to another one. */
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
 * Follows the file while the gateway runs. A change takes effect within a second or two. A file that is not valid is logged,
 * and the keys from before stay in use.
 * @throws SettingsError when the file is not valid at the start
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
