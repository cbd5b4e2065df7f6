/** `npm run fuzz [-- OPTIONS OF SCHEMATHESIS]`: sets up, then sends the gateway everything that its document allows, and does not. */
import { exitWith, runNode } from './run.mjs';
import { findSchemathesis } from './schemathesis.mjs';
import { setUp } from './setup.mjs';

async function fuzz() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', 'test/system/fuzz/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
    SCHEMATHESIS_PATH: await findSchemathesis(),
  });
}

await exitWith(fuzz());
