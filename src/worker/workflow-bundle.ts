import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { failureConverterPath } from '../encryption/data-converter.ts';
import { bundleHash } from './bundle-hash.ts';

const sources = new URL('../', import.meta.url);
const workflows = new URL('workflows/', sources);
const cache = new URL('../../.cache/', import.meta.url);

/**
 * Returns the workflow code as one file. Bundling takes seconds, so the bundle is kept under the hash of its sources. If the
 * cache cannot be written, each start takes those seconds again.
 */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const file = new URL(`workflows-${await bundleHash(fileURLToPath(sources))}.js`, cache);
  if (await exists(file)) return { codePath: fileURLToPath(file) };
  const workflowsPath = fileURLToPath(await entry());
  const bundle = await bundleWorkflowCode({
    workflowsPath,
    // The code is loaded once for all runs. This is safe, because no module of ours keeps anything of a run.
    preloadModules: [workflowsPath],
    logger: SILENT,
    // Failures that arise in workflow code are encrypted too.
    failureConverterPath,
  });
  try {
    await mkdir(cache, { recursive: true });
    // The file is renamed when it is complete, because workers that start together must never read half of it.
    const unfinished = new URL(`${file.href}.${process.pid}`);
    await writeFile(unfinished, bundle.code);
    await rename(unfinished, file);
    await forgetOlderThan(file);
  } catch {
    // A cache that cannot be written must not keep a worker from starting.
  }
  return bundle;
}

/** Finds TypeScript in a checkout, and JavaScript in a built package. */
async function entry(): Promise<URL> {
  const source = new URL('index.ts', workflows);
  return (await exists(source)) ? source : new URL('index.js', workflows);
}

async function forgetOlderThan(current: URL): Promise<void> {
  for (const name of await readdir(cache))
    if (/^workflows-[0-9a-f]+\.js$/.test(name) && !current.href.endsWith(name))
      await rm(new URL(name, cache), { force: true });
}

async function exists(file: URL): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

const ignore = () => undefined;
/** Hides the bundler's messages, because its errors are thrown. */
const SILENT = {
  log: ignore,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
};
