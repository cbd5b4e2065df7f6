/** The file of access keys (`GATEWAY_ACCESS_KEYS`). The command line writes it, and the gateway follows it. */
import type { FastifyBaseLogger } from 'fastify';
import { existsSync } from 'node:fs';
import { writeSecretFile } from '../files/secret-file.ts';
import { checkSettings, demandPrograms, parseSettings, textOf } from '../files/settings-file.ts';
import type { Programs } from '../programs/programs.ts';
import { accessKeyFinder, accessKeysSchema, type AccessKey } from './access-keys.ts';

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

/** A file that is being replaced may be missing for a moment. One that is missing for longer was deleted, and so were its keys. */
const MISSING_LIMIT_MS = 5_000;
/** How often a file that cannot be used is complained about, and how often the log says when keys were used last. */
const COMPLAIN_EVERY_MS = 60_000;
const TELL_USE_EVERY_MS = 3_600_000;

/**
 * Follows the file while the gateway runs. A change takes effect within a second or two. A file that is not valid, or cannot be
 * read, is logged again and again, and the keys from before stay in use. After a file was missing for seconds, no key is valid.
 * @throws SettingsError when the file is not valid at the start
 */
export function followAccessKeys(
  file: string,
  programs: Programs,
  log: FastifyBaseLogger,
): AccessKeys {
  let text = textOf(file);
  let keys = forPrograms(programs, keysIn(text, file), file);
  let find = accessKeyFinder(keys);
  let trouble: { readonly words: string; readonly since: number; told: number } | undefined;
  const used = new Map<string, string>();

  const use = (next: AccessKey[]): void => {
    keys = next;
    find = accessKeyFinder(next);
  };
  const complain = (words: string): void => {
    const now = Date.now();
    if (trouble?.words !== words) trouble = { words, since: now, told: -Infinity };
    if (words === MISSING && now - trouble.since >= MISSING_LIMIT_MS && keys.length > 0) {
      use([]);
      trouble.told = now;
      log.error({ file }, 'the file of access keys was deleted: every key is refused');
    }
    if (now - trouble.told < COMPLAIN_EVERY_MS) return;
    trouble.told = now;
    log.error({ file }, words);
  };
  const look = (): void => {
    const now = textOf(file);
    if (now === undefined) return complain(existsSync(file) ? UNREADABLE : MISSING);
    if (now === text && trouble === undefined) return;
    try {
      use(forPrograms(programs, keysIn(now, file), file));
    } catch (error) {
      return complain(`${(error as Error).message} The previous keys stay in use.`);
    }
    trouble = undefined;
    text = now;
    log.info({ keys: keys.map(({ id }) => id) }, 'access keys read again');
  };
  const tellUse = (): void => {
    const lastUse = keys.map(({ id, expires }) => ({ id, expires, used: used.get(id) ?? 'never' }));
    log.info({ lastUse }, 'when access keys were last used since this gateway started');
  };
  const timers = [setInterval(look, LOOK_EVERY_MS), setInterval(tellUse, TELL_USE_EVERY_MS)];
  for (const timer of timers) timer.unref();
  return {
    find: (secret) => {
      const key = find(secret);
      if (key !== undefined) used.set(key.id, new Date().toISOString());
      return key;
    },
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      tellUse();
    },
  };
}

const MISSING = 'The file of access keys is missing.';
const UNREADABLE = 'The file of access keys cannot be read. The previous keys stay in use.';

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
