import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Everything below `src` that the workflow bundle can hold. A test compares it with a bundle. */
export const BUNDLED_SOURCES = ['workflows', 'domain', 'encryption/failure-converter.js'] as const;

/** The packages that the bundle holds, and the one that makes it. */
export const BUNDLED_PACKAGES = [
  '@temporalio/worker',
  '@temporalio/workflow',
  '@temporalio/common',
  'nexus-rpc',
  'long',
  'ms',
] as const;

/** Hashes everything that the bundle is made from. `src` is the folder of the sources, or of the compiled package. */
export async function bundleHash(src: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of BUNDLED_PACKAGES) hash.update(`${name} ${await versionOf(name)}\n`);
  const bundler = fileURLToPath(new URL('workflow-bundle', import.meta.url));
  const files = (await Promise.all(BUNDLED_SOURCES.map((path) => filesAt(join(src, path))))).flat();
  for (const file of files) hash.update(`${relative(src, file)}\n`).update(await readFile(file));
  for (const file of withEnding(bundler)) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function filesAt(path: string): Promise<string[]> {
  if (path.endsWith('.js')) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => /\.[jt]s$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Finds TypeScript in a checkout, and JavaScript in a built package. */
function withEnding(module: string): string[] {
  return [`${module}.ts`, `${module}.js`].filter((file) => existsSync(file));
}

/** Resolves a package from the SDK's worker, as the bundler does. Not every package lets its package.json be imported. */
async function versionOf(name: string): Promise<string> {
  const worker = createRequire(import.meta.url).resolve('@temporalio/worker');
  let folder = dirname(createRequire(worker).resolve(name));
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const found = JSON.parse(await readFile(file, 'utf8')) as { name?: string; version?: string };
      if (found.name === name && found.version !== undefined) return found.version;
    }
    if (dirname(folder) === folder) throw new Error(`${name} has no package.json`);
    folder = dirname(folder);
  }
}
