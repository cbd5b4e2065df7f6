/** One set-up at a time in a folder: two `npm ci` at once would destroy each other's work. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder, SetupError } from './run.mjs';

const LIMIT_MS = 15 * 60_000;
const lockFile = join(cacheFolder, 'setup.lock');

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(work) {
  mkdirSync(cacheFolder, { recursive: true });
  const deadline = Date.now() + LIMIT_MS;
  let waits = false;
  while (!take()) {
    if (!waits) process.stdout.write('Waiting for another set-up in this folder …\n');
    waits = true;
    if (Date.now() > deadline)
      throw new SetupError(
        'Another set-up has been running in this folder for 15 minutes: stop it, or delete .cache/setup.lock.',
      );
    await sleep(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function take() {
  try {
    writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    if (holderIsGone()) rmSync(lockFile, { force: true });
    return false;
  }
}

/** Killed, it could not take its lock away. */
function holderIsGone() {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'));
    // Empty for the moment between its making and its writing.
    if (holder === 0) return false;
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
