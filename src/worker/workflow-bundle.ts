import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { failureConverterPath } from '../encryption/data-converter.ts';
import { bundleHash } from './bundle-hash.ts';

const sources = new URL('../', import.meta.url);
const workflows = new URL('workflows/', sources);
const cache = new URL('../../.cache/', import.meta.url);

/**
 * The workflow code as one file. Bundling takes seconds, so the bundle is kept under the hash of what it was made from.
 * A cache that cannot be written costs those seconds again and nothing else.
 */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const file = new URL(`workflows-${await bundleHash(fileURLToPath(sources))}.js`, cache);
  if (await exists(file)) return { codePath: fileURLToPath(file) };
  const workflowsPath = fileURLToPath(await entry());
  const bundle = await bundleWorkflowCode({
    workflowsPath,
    // Loaded once for all runs, not once for each: no module of ours keeps anything of a run.
    preloadModules: [workflowsPath],
    logger: SILENT,
    // The failures that arise in workflow code are encrypted, too.
    failureConverterPath,
  });
  try {
    await mkdir(cache, { recursive: true });
    // Workers that start together must never read half a file.
    const unfinished = new URL(`${file.href}.${process.pid}`);
    await writeFile(unfinished, bundle.code);
    await rename(unfinished, file);
    await forgetOlderThan(file);
  } catch {
    // Not worth a worker's start.
  }
  return bundle;
}

/** TypeScript in a checkout, JavaScript in a built package. */
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
/** The bundler's own chatter; its errors are thrown. */
const SILENT = {
  log: ignore,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
};
