/** The TypeScript in docs/integrate/typescript.md compiles against this package. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { binary } from '../../../scripts/run.mjs';

const run = promisify(execFile);
const folder = new URL('../../../.cache/documents/', import.meta.url);

it('each block of docs/integrate/typescript.md compiles', async () => {
  const text = readFileSync('docs/integrate/typescript.md', 'utf8');
  const blocks = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block = '']) => block);
  expect(blocks.length).toBeGreaterThan(0);
  mkdirSync(folder, { recursive: true });
  const files = blocks.map((_, index) => `typescript-${index + 1}.ts`);
  blocks.forEach((block, index) => writeFileSync(new URL(files[index] ?? '', folder), block));
  const project = new URL('tsconfig.json', folder);
  writeFileSync(
    project,
    JSON.stringify({
      extends: '../../tsconfig.json',
      // The package by its name, as its users import it.
      compilerOptions: { paths: { 'points-redemption': ['../../src/index.ts'] } },
      include: files,
    }),
  );
  const words = [binary('typescript', 'tsc'), '-p', fileURLToPath(project)];
  const { stdout } = await run(process.execPath, words).catch(
    (error: { readonly stdout: string }) => error,
  );
  expect(stdout).toBe('');
});
