/** Writes files of secrets. Only their owner can read them, and no reader ever sees half a file. */
import { randomBytes } from 'node:crypto';
import { linkSync, rmSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { SettingsError } from '../schemas/settings-error.ts';

const OWNER_ONLY = 0o600;

/** Creates the file, or replaces it. @throws SettingsError when it cannot be written */
export function writeSecretFile(file: string, content: unknown): void {
  try {
    write(file, content);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Creates the file; returns false, and changes nothing, when it exists. @throws SettingsError when it cannot be written */
export function createSecretFile(file: string, content: unknown): boolean {
  const unfinished = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    write(unfinished, content);
    // Unlike a rename, a link fails if the name is taken.
    linkSync(unfinished, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(file, error);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

function write(file: string, content: unknown): void {
  writeFileAtomic.sync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode: OWNER_ONLY });
}

function unwritable(file: string, cause: unknown): SettingsError {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return new SettingsError(
    `${file} cannot be written (${code}): name a file in a folder that you may write to.`,
    { cause },
  );
}
