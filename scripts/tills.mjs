/** `npm run tills`: sets up, then lets many tills sell through one gateway; `--help` says how. */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function tills() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', 'test/system/tills/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
  });
}

await exitWith(tills());
