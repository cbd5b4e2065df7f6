/** `npm run tills`: exit code 0 when every till had its answers and the ledger is exact. */
import { Command } from 'commander';
import { runProcess } from '../../../src/process/run.ts';
import { countUpTo } from '../../support/counts.ts';
import { describeTills, faultsOf } from './report.ts';
import { runTills } from './run.ts';

const command = new Command('npm run tills --')
  .description('Many tills sell through one gateway, which is stopped and replaced meanwhile.')
  .option('--tills <count>', 'how many sell at once', countUpTo(9_999), 50)
  .option('--seconds <count>', 'how long they sell at the first gateway', countUpTo(9_999), 60);

await runProcess(async () => {
  const options = command.parse().opts<Parameters<typeof runTills>[0]>();
  process.stdout.write(`${options.tills} tills, for ${options.seconds} s and a while …\n`);
  const report = await runTills(options);
  process.stdout.write(`${describeTills(report, options)}\n`);
  process.exitCode = faultsOf(report, true).length === 0 ? 0 : 1;
});
