/** `launch.mjs FILE [ARGUMENTS]`: sets up, then runs a program of the project that starts a Temporal server. */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function launch() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', ...process.argv.slice(2)], { TEMPORAL_CLI_PATH: temporal });
}

await exitWith(launch());
