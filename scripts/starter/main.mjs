/**
 * `npm run starter -- VERB`. The command line is compiled when it is first called, and again when its sources have changed:
 * a call takes a third of the time that Node needs to translate the TypeScript and to load some hundred modules.
 */
import { join } from 'node:path';
import { load, readCompiled } from './compiled.mjs';
import { cacheFolder, keyOfSources } from './sources.mjs';
import { printable } from './stack.mjs';

const folder = join(cacheFolder, keyOfSources());
const compiled = readCompiled(folder);
const starter = compiled === undefined ? await compile() : load(compiled).exports;

if (starter === undefined) await runUncompiled();
else {
  // Node's own --enable-source-maps would read the map in every call.
  process.on('uncaughtException', (error) => {
    process.stderr.write(`${printable(error, folder)}\n`);
    process.exit(1);
  });
  await starter.run(process.argv);
}

async function compile() {
  const { compileInto } = await import('./compile.mjs');
  return compileInto(folder);
}

/** Slower, but it needs no folder that it can write to: in a read-only container there may be none. */
async function runUncompiled() {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../../src/starter.ts');
}
