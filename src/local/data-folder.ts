/** Where the demonstration keeps its data and logs: `.data`, or for `--once` a folder that is gone afterwards. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '../schemas/settings-error.ts';

const FOLDER = '.data';
const HOLDER = join(FOLDER, 'npm-start.pid');

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'points-redemption-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Makes the folder ours: two servers on one database would ruin it. @throws SettingsError when another has it */
export function claimDataFolder(): string {
  mkdirSync(FOLDER, { recursive: true });
  const holder = livingHolder();
  if (holder !== undefined)
    throw new SettingsError(
      `npm start runs in this folder already (process ${holder}): use that one, stop it, or run npm start -- --once beside it. If process ${holder} is another program, delete ${HOLDER}.`,
    );
  writeFileSync(HOLDER, String(process.pid));
  return FOLDER;
}

export function releaseDataFolder(): void {
  rmSync(HOLDER, { force: true });
}

function livingHolder(): number | undefined {
  try {
    const holder = Number(readFileSync(HOLDER, 'utf8'));
    process.kill(holder, 0);
    return holder;
  } catch {
    // No such file, or no such process: it was killed before it could let go.
    return undefined;
  }
}
