/** `npm test [-- ARGUMENTS OF VITEST]`: sets up, then runs the tests. */
import { binary, exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function test() {
  const { temporal, testServer } = await setUp({ testServer: true });
  return runNode([binary('vitest'), 'run', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
    TEMPORAL_TEST_SERVER_PATH: testServer,
  });
}

await exitWith(test());
