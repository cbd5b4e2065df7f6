/**
 * `npm run chaos -- [--seed S] [--redemptions N] [--concurrency C] [--kills-only | --server-restarts | --skip-clocks]`:
 * sets up, then lets everything go wrong at once.
 */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function chaos() {
  const { temporal, testServer } = await setUp({
    testServer: process.argv.includes('--skip-clocks'),
  });
  return runNode(['--import', 'tsx', 'test/chaos/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
    TEMPORAL_TEST_SERVER_PATH: testServer,
  });
}

await exitWith(chaos());
