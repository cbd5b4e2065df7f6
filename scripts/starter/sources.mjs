/** What the compiled command line depends on. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cacheFolder = join(projectRoot, '.cache', 'starter');

/**
 * A name for what is compiled from the present sources, packages and Node: other ones give another name, so that nothing
 * stale is ever run. It is made of the contents, which takes 5 ms longer than to ask for their times, and is certain.
 */
export function keyOfSources() {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}`);
  // npm notes in the last one which version of each package it has installed.
  const others = ['tsconfig.json', 'node_modules/.package-lock.json'];
  for (const name of [...filesOf('src'), ...filesOf('scripts/starter'), ...others])
    hash.update(`\0${name}\0`).update(readFileSync(join(projectRoot, name)));
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} folder */
function filesOf(folder) {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[jt]s$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
