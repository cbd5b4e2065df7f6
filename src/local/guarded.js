/**
 * Processes that end when this one is gone, however it went: `guard.sh` says how. In plain JavaScript and with Node's own
 * modules alone, because the scripts need it before anything is installed.
 */
import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('guard.sh', import.meta.url));

/**
 * To the guardians of the processes that run, the oldest first.
 * @type {Set<Socket>}
 */
const guardians = new Set();

/**
 * The process's id is the command's own. A command that cannot be started ends with code 126 or 127, and its reason is on
 * standard error. On Windows, which has no `/bin/sh`, there is no guardian.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Omit<import('node:child_process').SpawnOptions, 'stdio'> & { stdio: ('ignore' | 'inherit' | 'pipe')[] }} options
 *   with `stdio` for the first three
 * @returns {import('node:child_process').ChildProcess}
 */
export function spawnGuarded(command, args, { stdio, ...options }) {
  if (process.platform === 'win32') return spawn(command, args, { stdio, ...options });
  const child = spawn('/bin/sh', [script, command, ...args], {
    stdio: [...stdio, 'pipe'],
    ...options,
  });
  const guardian = child.stdio[3];
  if (!(guardian instanceof Socket)) throw new Error('the guardian has no pipe');
  // One that is gone needs to be told nothing.
  guardian.on('error', () => undefined);
  guardian.resume();
  // A child that is left alone keeps us alive by itself.
  guardian.unref();
  for (const earlier of guardians) earlier.write(`${child.pid}\n`);
  guardians.add(guardian);
  const release = () => {
    guardians.delete(guardian);
    // The child is closed once the guardian is gone, too.
    guardian.ref();
    guardian.end('ended\n');
  };
  child.once('exit', release).once('error', release);
  return child;
}
