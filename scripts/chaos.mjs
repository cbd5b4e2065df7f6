/**
 * `npm run chaos -- [--seed S] [--redemptions N] [--concurrency C] [--kills-only | --server-restarts | --skip-clocks]`:
 * sets up, then lets everything go wrong at once.
 */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function chaos() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', 'test/chaos/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
  });
}

await exitWith(chaos());
