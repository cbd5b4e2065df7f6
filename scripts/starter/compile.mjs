/** Compiles the command line into the cache. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { fileNames, load } from './compiled.mjs';
import { cacheFolder, projectRoot } from './sources.mjs';

/** How many versions stay: those of other branches, and one that another process is about to read. */
const KEPT = 5;

/**
 * Several processes may do this at once, and none may read half of what another one writes: it is given its name when it is
 * whole.
 * @param {string} folder
 * @returns {Promise<import('./compiled.mjs').Starter | undefined>} `undefined` where nothing can be written
 */
export async function compileInto(folder) {
  const unfinished = createUnfinished();
  if (unfinished === undefined) return undefined;
  try {
    const { program, map } = bundleProgram(folder);
    const { script, exports } = load({ file: join(folder, fileNames.program), source: program });
    // A verb that cannot be loaded says so itself when it is called.
    await exports.loadActions().catch(() => undefined);
    const files = {
      [fileNames.program]: program,
      [fileNames.map]: map,
      [fileNames.codeCache]: script.createCachedData(),
      'failure-converter.js': bundleFailureConverter(),
      'package.json': '{ "type": "commonjs" }\n',
    };
    return writeAll(files, unfinished, folder) ? exports : undefined;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** @returns {string | undefined} `undefined` where none can be made */
function createUnfinished() {
  try {
    const folder = join(cacheFolder, `unfinished-${randomBytes(8).toString('hex')}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * @param {Record<string, string | Uint8Array>} files
 * @param {string} unfinished
 * @param {string} folder
 */
function writeAll(files, unfinished, folder) {
  try {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(unfinished, name), content);
    renameSync(unfinished, folder);
    removeOldVersions();
    return true;
  } catch (error) {
    // Another process was quicker, and its files are the same.
    return /^(ENOTEMPTY|EEXIST)$/.test(/** @type {NodeJS.ErrnoException} */ (error).code ?? '');
  }
}

function removeOldVersions() {
  const versions = readdirSync(cacheFolder)
    .map((name) => join(cacheFolder, name))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of versions.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}

/** An expression in the place of a module, as compiled.mjs calls it. @param {string} folder */
function bundleProgram(folder) {
  const [map = '', program = ''] = bundle({
    entryPoints: ['src/cli/entry.ts'],
    outfile: join(folder, fileNames.program),
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${IMPORT_META}` },
    footer: { js: '})' },
    sourcemap: 'external',
    sourcesContent: false,
  });
  return { program, map };
}

/** Temporal's client loads it by its path, beside the program, which is where src/encryption/data-converter.ts looks for it. */
function bundleFailureConverter() {
  const [code = ''] = bundle({
    entryPoints: ['src/encryption/failure-converter.js'],
    banner: { js: IMPORT_META },
  });
  return code;
}

const IMPORT_META = `const importMetaUrl = require('node:url').pathToFileURL(__filename).href;`;

/** @param {import('esbuild').BuildOptions} options */
function bundle(options) {
  const { outputFiles = [] } = buildSync({
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    // Names stay: errors are known by theirs.
    minifySyntax: true,
    minifyWhitespace: true,
    define: { 'import.meta.url': 'importMetaUrl' },
    legalComments: 'none',
    logLevel: 'silent',
    ...options,
  });
  return outputFiles.map(({ text }) => text);
}
