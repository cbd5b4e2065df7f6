/** The npm packages: installed when node_modules is not what package-lock.json says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';
import { projectRoot, run, SetupError, step } from './run.mjs';

const LIMIT_MS = 10 * 60_000;

export async function installDependencies() {
  if (areInstalled()) return;
  await exclusively(async () => {
    if (areInstalled()) return;
    await step('Installing the npm packages (npm ci)', npmCi);
  });
}

async function npmCi() {
  const { code, output } = await npm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0)
    throw new SetupError(
      `npm ci failed: see its words below, make sure that the npm registry can be reached, and run it again.\n${complaints(output)}`,
    );
}

/** The first of npm's errors: after them it recites its manual. @param {string} output */
function complaints(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('npm error'));
  return lines.slice(0, 8).join('\n');
}

/** @param {readonly string[]} args */
export function npm(args) {
  const npmItself = process.env.npm_execpath;
  return npmItself === undefined
    ? run('npm', args, { limitMs: LIMIT_MS })
    : run(process.execPath, [npmItself, ...args], { limitMs: LIMIT_MS });
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Package
 * @typedef {Record<string, Package>} Packages
 */

/** npm writes down what it installed when it has finished; an interrupted `npm ci` leaves nothing written. */
function areInstalled() {
  const installed = packagesIn('node_modules/.package-lock.json');
  const locked = packagesIn('package-lock.json');
  if (installed === undefined || locked === undefined) return false;
  return Object.entries(locked).every(([path, wanted]) => {
    const found = installed[path];
    if (path === '') return true;
    if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Packages | undefined} `undefined` when there is no such file
 */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
