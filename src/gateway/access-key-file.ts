/** The file of access keys (`GATEWAY_ACCESS_KEYS`): written by the command line, followed by the gateway. */
import { readFileSync, renameSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import type { FastifyBaseLogger } from 'fastify';
import { SettingsError, describeIssue } from '../settings-error.ts';
import { accessKeysSchema, findAccessKey, type AccessKey } from './access-keys.ts';

/** Polled, for that also sees a file that was replaced, or is a link to another one since. */
const LOOK_EVERY_MS = 1_000;

/** @throws SettingsError in one sentence that names the field and the remedy */
export function readAccessKeys(file: string): AccessKey[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new SettingsError(
      `GATEWAY_ACCESS_KEYS (${file}) ${why}: make it by "npm run starter -- access-keys create".`,
      { cause: error },
    );
  }
  return checked(content, file);
}

/** Whole or not at all, whoever reads it meanwhile. @throws SettingsError */
export function writeAccessKeys(file: string, keys: readonly unknown[]): void {
  const content = { keys: checked({ keys }, file) };
  const beside = `${file}.${process.pid}.new`;
  try {
    writeFileSync(beside, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(beside, file);
  } catch (error) {
    throw new SettingsError(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'no code'}): name a file in a folder of yours.`,
      { cause: error },
    );
  }
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
export function followAccessKeys(file: string, log: FastifyBaseLogger): AccessKeys {
  let keys = readAccessKeys(file);
  const look = (): void => {
    try {
      keys = readAccessKeys(file);
      log.info({ keys: keys.map(({ id }) => id) }, 'access keys read again');
    } catch (error) {
      log.error(`${(error as Error).message} The keys from before stay in use.`);
    }
  };
  watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return {
    find: (secret) => findAccessKey(keys, secret),
    stop: () => unwatchFile(file, look),
  };
}

function checked(content: unknown, file: string): AccessKey[] {
  const parsed = accessKeysSchema.safeParse(content, { reportInput: true });
  if (parsed.success) return parsed.data.keys;
  throw new SettingsError(`GATEWAY_ACCESS_KEYS (${file}): ${describeIssue(parsed.error)}.`);
}
