/** Loads what compile.mjs has written. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

const PROGRAM = 'starter.js';
const CODE_CACHE = 'starter.v8';

export const fileNames = { program: PROGRAM, map: `${PROGRAM}.map`, codeCache: CODE_CACHE };

/**
 * @typedef {typeof import('../../src/cli/entry.ts')} Starter
 * @typedef {{ file: string, source: string, codeCache?: Buffer }} Compiled
 */

/**
 * @param {string} folder
 * @returns {Compiled | undefined} `undefined` when there is none that can be read
 */
export function readCompiled(folder) {
  const file = join(folder, PROGRAM);
  try {
    return {
      file,
      source: readFileSync(file, 'utf8'),
      codeCache: readFileSync(join(folder, CODE_CACHE)),
    };
  } catch {
    return undefined;
  }
}

/**
 * By `vm` and not by `import`: Node 20 keeps the machine code of modules in no other way. A cache that V8 cannot use, such as
 * under other flags, is ignored.
 * @param {Compiled} compiled
 * @returns {{ script: Script, exports: Starter }}
 */
export function load({ file, source, codeCache }) {
  const script = new Script(source, {
    filename: file,
    cachedData: codeCache,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = { exports: /** @type {Starter} */ ({}) };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return { script, exports: module.exports };
}
