/** The command line as JavaScript: each of some hundred calls would spend half its processor time on TypeScript. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { binary } from '../../scripts/run.mjs';

const folder = new URL('../../.cache/compiled/', import.meta.url);

export const compiledStarter = fileURLToPath(new URL('starter.js', folder));

/** Vitest calls it once, before the tests. */
export function setup(): void {
  mkdirSync(folder, { recursive: true });
  const project = fileURLToPath(new URL('tsconfig.json', folder));
  writeFileSync(
    project,
    JSON.stringify({
      extends: '../../tsconfig.build.json',
      compilerOptions: { rootDir: '../../src', outDir: '.', declaration: false, noCheck: true },
      include: ['../../src'],
    }),
  );
  execFileSync(process.execPath, [binary('typescript', 'tsc'), '-p', project], {
    stdio: 'inherit',
  });
}
