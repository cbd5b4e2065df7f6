/** Where the demonstration keeps its data and logs: `.data`, or for `--once` a folder that is gone afterwards. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SettingsError } from '../schemas/settings-error.ts';

const FOLDER = '.data';
const HOLDER = join(FOLDER, 'npm-start.pid');

/** What a killed `npm start` leaves behind ends by itself in less. */
const REST_LIMIT_MS = 15_000;
const LOOK_EVERY_MS = 100;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'points-redemption-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Makes the folder ours: two servers on one database would ruin it. What is left of one that was killed is waited for.
 * @throws SettingsError when another has it
 */
export async function claimDataFolder(print: (text: string) => void): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const [holder, ...children] = processesOfHolder();
  if (holder !== undefined && isAlive(holder)) throw heldBy(holder);
  const until = Date.now() + REST_LIMIT_MS;
  if (children.some(isAlive)) print('Waiting for what an earlier npm start left behind to end …');
  for (const child of children)
    while (isAlive(child)) {
      if (Date.now() > until) throw heldBy(child);
      await delay(LOOK_EVERY_MS);
    }
  writeFileSync(HOLDER, `${process.pid}\n`);
  return FOLDER;
}

/** One more process that writes into the folder, perhaps for longer than we live. */
export function claimForChild(pid: number): void {
  appendFileSync(HOLDER, `${pid}\n`);
}

export function releaseDataFolder(): void {
  rmSync(HOLDER, { force: true });
}

function heldBy(pid: number): SettingsError {
  return new SettingsError(
    `npm start runs in this folder already (process ${pid}): use that one, stop it, or run npm start -- --once beside it. If process ${pid} is another program, delete ${HOLDER}.`,
  );
}

/** Itself, then its children. */
function processesOfHolder(): number[] {
  try {
    return readFileSync(HOLDER, 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // Somebody else's process lives, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** It has ended, and only its parent has not yet asked after it. Linux tells. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && readFileSync(file, 'utf8').includes(') Z ');
}
