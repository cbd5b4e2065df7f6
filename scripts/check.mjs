/** `npm run check`: types, lint, format, unused code and documents, each to its end, so that one run shows every fault. */
import { join } from 'node:path';
import { binary, exitWith, projectRoot, runNode } from './run.mjs';
import { setUpPackages } from './setup.mjs';

async function check() {
  await setUpPackages();
  const checks = {
    types: [binary('typescript', 'tsc'), '-p', '.'],
    lint: [binary('oxlint'), '--type-aware', '--deny-warnings'],
    format: [binary('prettier'), '--check', '--log-level', 'warn', '.'],
    unused: [binary('knip')],
    docs: [join(projectRoot, 'scripts', 'docs.mjs')],
  };
  const failed = [];
  for (const [name, command] of Object.entries(checks))
    if ((await runNode(command)) !== 0) failed.push(name);
  process.stdout.write(
    failed.length === 0 ? 'check: all is well\n' : `check: failed in ${failed.join(', ')}\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

await exitWith(check());
