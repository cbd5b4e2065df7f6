/** `npm run chaos`: sets up, then lets everything go wrong at once; `--help` says how. */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function chaos() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', 'test/system/chaos/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
  });
}

await exitWith(chaos());
