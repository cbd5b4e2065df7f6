/** `npm start [-- --once]`: sets up, then runs everything on this machine. */
import { endWithNpm, exitWith, runNodeGuarded } from './run.mjs';
import { setUp } from './setup.mjs';

async function start() {
  endWithNpm();
  const { temporal } = await setUp();
  return runNodeGuarded(['--import', 'tsx', 'src/demo/start.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
  });
}

await exitWith(start());
