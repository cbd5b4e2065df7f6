/** The command line as its users run it. Compiling it first spares the tests that call it at the same time. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const compiledStarter = fileURLToPath(
  new URL('../../scripts/starter/main.mjs', import.meta.url),
);

/** Vitest calls it once, before the tests. */
export function setup(): void {
  execFileSync(process.execPath, [compiledStarter, '--help']);
}
