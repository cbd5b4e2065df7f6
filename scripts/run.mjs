/** What the scripts share: the project's folders, child processes and progress. Node's own modules only. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnGuarded } from '../src/local/guarded.js';

export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const cacheFolder = join(projectRoot, '.cache');

/** A step of the set-up that failed: its message is a sentence that says what to do. */
export class SetupError extends Error {}

/**
 * Runs a command to its end, or to ours, and collects what it said. A command that is not there ends with code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ limitMs: number }} options
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { limitMs }) {
  return new Promise((resolve) => {
    const child = spawnGuarded(command, args, {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: limitMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/**
 * Runs a Node program with our terminal, hands on the signals that ask it to stop, and waits for its end.
 * @param {readonly string[]} args what follows `node`
 * @param {NodeJS.ProcessEnv} [environment] added to ours
 * @param {string} [node] where it is not our own
 * @returns {Promise<number>} its exit code
 */
export function runNode(args, environment = {}, node = process.execPath) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, {
      cwd: projectRoot,
      stdio: 'inherit',
      env: { ...process.env, PATH: withLocalBinaries(), ...environment },
    });
    // Control-C reaches the child by itself, for it shares our terminal: we only must not die before it.
    const wait = () => {};
    const handOn = () => void child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', handOn);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', wait).off('SIGTERM', handOn);
      resolve(code ?? 1);
    });
  });
}

/**
 * As {@link runNode}, for a program that must not outlive us, and that bears to be asked twice to stop.
 * @param {readonly string[]} args what follows `node`
 * @param {NodeJS.ProcessEnv} environment added to ours
 * @returns {Promise<number>} its exit code
 */
export function runNodeGuarded(args, environment) {
  return new Promise((resolve, reject) => {
    const child = spawnGuarded(process.execPath, args, {
      cwd: projectRoot,
      stdio: ['inherit', 'inherit', 'inherit'],
      env: { ...process.env, PATH: withLocalBinaries(), ...environment },
    });
    const handOn = () => void child.kill('SIGTERM');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn);
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

const ORPHANED_LOOK_EVERY_MS = 500;

/**
 * Ends us when npm is gone, which hands on no signal that it cannot catch and gives us no pipe whose end would tell. A shell that
 * started us itself may go and leave us running.
 */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm) process.exit(1);
  }, ORPHANED_LOOK_EVERY_MS).unref();
}

/** So that tools find one another (oxlint its tsgolint) when npm did not start us. */
function withLocalBinaries() {
  return [join(projectRoot, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
}

/**
 * The program behind the name of a package's command.
 * @param {string} packageName
 * @param {string} [command]
 */
export function binary(packageName, command = packageName) {
  const folder = join(projectRoot, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Does something that takes time, and says so in one line.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const startedAt = Date.now();
  process.stdout.write(`${what} … `);
  try {
    const result = await work();
    process.stdout.write(`done in ${Math.ceil((Date.now() - startedAt) / 1_000)} s\n`);
    return result;
  } catch (error) {
    process.stdout.write('failed\n');
    throw error;
  }
}

/**
 * Finds an executable as a shell would.
 * @param {string} name
 */
export function findOnPath(name) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/** The last lines of what a failed command said. @param {string} output */
export function lastLines(output) {
  return output.trim().split('\n').slice(-12).join('\n');
}

/**
 * Ends the process with the result of a script; a {@link SetupError} is printed as its sentence alone.
 * @param {Promise<number>} script
 */
export async function exitWith(script) {
  try {
    process.exitCode = await script;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
