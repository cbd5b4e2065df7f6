/** `npm run chaos`: exit code 0 when no promise was broken. */
import { Command, Option } from 'commander';
import { runProcess } from '../../../src/process/run.ts';
import { countUpTo } from '../../support/counts.ts';
import { commandOf, describeReport } from './report.ts';
import { runChaos } from './run.ts';
import type { Kind } from './trouble.ts';

interface Options {
  readonly seed: number;
  readonly redemptions: number;
  readonly concurrency: number;
  readonly killsOnly?: true;
  readonly serverRestarts?: true;
  readonly skipClocks?: true;
}

const command = new Command('npm run chaos --')
  .description(
    'Drives sales while workers are killed and every call goes wrong, and then asks the ledgers whether a promise was broken.',
  )
  .option(
    '--seed <number>',
    'what is sold, and what becomes of it',
    countUpTo(999_999_999),
    Date.now() % 1_000_000,
  )
  .option('--redemptions <count>', 'how many sales', countUpTo(1_000_000), 100)
  .option('--concurrency <count>', 'how many at once', countUpTo(1_000), 40)
  .addOption(
    new Option('--kills-only', 'workers are killed, and no call goes wrong').conflicts([
      'serverRestarts',
      'skipClocks',
    ]),
  )
  .addOption(
    new Option(
      '--server-restarts',
      'instead of workers, the Temporal server is killed and comes back',
    ).conflicts(['killsOnly', 'skipClocks']),
  )
  .addOption(
    new Option('--skip-clocks', "instead, the workers' clocks jump by minutes").conflicts([
      'killsOnly',
      'serverRestarts',
    ]),
  );

await runProcess(async () => {
  const options = command.parse().opts<Options>();
  const { seed, redemptions, concurrency } = options;
  const plan = { kind: kindOf(options), seed, redemptions, concurrency };
  process.stdout.write(`${commandOf(plan)}\n`);
  const report = await runChaos({ ...plan, progress: sometimes(5_000) });
  process.stdout.write(`${describeReport(report)}\n`);
  process.exitCode = report.violations.length === 0 ? 0 : 1;
});

function kindOf({ killsOnly, serverRestarts, skipClocks }: Options): Kind {
  if (killsOnly) return 'kills-only';
  if (serverRestarts) return 'server-restarts';
  return skipClocks ? 'skip-clocks' : 'kills';
}

/** Prints what it is told, but not more often than that. */
function sometimes(pauseMs: number): (what: string) => void {
  let last = 0;
  return (what) => {
    if (performance.now() - last < pauseMs) return;
    last = performance.now();
    process.stderr.write(`${what}\n`);
  };
}
