/** `npm run bench -- [--quick] [--json FILE]`: sets up, then measures; `--help` says what. */
import { exitWith, runNode } from './run.mjs';
import { setUp } from './setup.mjs';

async function bench() {
  const { temporal } = await setUp();
  return runNode(['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], {
    TEMPORAL_CLI_PATH: temporal,
  });
}

await exitWith(bench());
