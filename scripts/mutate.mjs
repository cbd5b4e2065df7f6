/** `npm run mutate [-- OPTIONS]`: sets up, then plants faults and looks whether the tests see them; `--help` says how. */
import { exitWith, runNode } from './run.mjs';
import { setUp, setUpPackages } from './setup.mjs';
import { findStryker } from './stryker.mjs';

async function mutate() {
  const [first, ...others] = process.argv.slice(2);
  if (first === '--stryker') return stryker(others);
  const { temporal, testServer } = await setUp({ testServer: true });
  return runNode(['--import', 'tsx', 'test/mutate/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
    TEMPORAL_TEST_SERVER_PATH: testServer,
  });
}

/** @param {readonly string[]} options */
async function stryker(options) {
  await setUpPackages();
  const { node, program } = await findStryker();
  return runNode([program, 'run', 'test/mutate/stryker.json', ...options], {}, node);
}

await exitWith(mutate());
