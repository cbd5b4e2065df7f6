/** StrykerJS, out of npm into a folder in `.cache/`, with a Node of its own where ours is older than it needs. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './lock.mjs';
import { npm } from './dependencies.mjs';
import { cacheFolder, lastLines, SetupError, step } from './run.mjs';

const VERSION = '10.1.1';
const OLDEST_NODE = 22;
const NODE_VERSION = '22.23.3';
const folder = join(cacheFolder, `stryker-${VERSION}`);
const modules = join(folder, 'node_modules');
const done = join(folder, 'installed');

const isOwnNodeNewEnough = Number(process.versions.node.split('.')[0]) >= OLDEST_NODE;
/** npm's package of Node for this platform. */
const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** @returns {Promise<{ node: string, program: string }>} the paths of Node and of Stryker's command */
export async function findStryker() {
  if (!existsSync(done))
    await exclusively(async () => {
      if (!existsSync(done)) await step(`Installing StrykerJS ${VERSION}`, install);
    });
  return {
    node: isOwnNodeNewEnough ? process.execPath : join(modules, nodePackage, 'bin', 'node'),
    program: join(modules, '@stryker-mutator', 'core', 'bin', 'stryker.js'),
  };
}

async function install() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const packages = [
    `@stryker-mutator/core@${VERSION}`,
    `@stryker-mutator/vitest-runner@${VERSION}`,
    ...(isOwnNodeNewEnough ? [] : [`${nodePackage}@${NODE_VERSION}`]),
  ];
  // Vitest is a peer of the runner, and must be the project's own, which it finds above this folder.
  const { code, output } = await npm([
    'install',
    '--prefix',
    folder,
    '--legacy-peer-deps',
    ...packages,
  ]);
  // Written last: without it an installation was interrupted.
  if (code === 0) return writeFileSync(done, '');
  throw new SetupError(
    `StrykerJS could not be installed: make sure that the npm registry can be reached, and run this again.\n${lastLines(output)}`,
  );
}
