/** `npm run quick [-- PATH…]`: sets up, then runs the tests that a change is most likely to break; `--help` says which. */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function quick() {
  const { temporal, testServer } = await setUp({ testServer: true });
  return runNode(['--import', 'tsx', 'test/quick.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
    TEMPORAL_TEST_SERVER_PATH: testServer,
  });
}

await exitWith(quick());
