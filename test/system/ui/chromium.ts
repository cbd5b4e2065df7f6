/** The Chromium of the distribution, where there is one. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'chromium')).find(isExecutable);
}

/** Vitest calls it once, before the tests, where what is printed is seen. */
export function setup(): void {
  if (findChromium() === undefined)
    process.stderr.write(
      'Temporal UI is not tested: there is no chromium on the PATH (apt-get install chromium).\n',
    );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
