/** `npm run tills`: exit code 0 when every till had its answers and the ledger is exact. */
import { Command } from 'commander';
import { runProcess } from '../../../src/process/run.ts';
import { countUpTo } from '../../support/counts.ts';
import { describeAttacked, faultsUnderAttack } from './attacked-report.ts';
import { fullAttack, runAttacked } from './attacked.ts';
import { describeTills, faultsOf } from './report.ts';
import { runTills, type TillsOptions } from './run.ts';

const command = new Command('npm run tills --')
  .description('Many tills sell through one gateway, which is stopped and replaced meanwhile.')
  .option('--tills <count>', 'how many sell at once', countUpTo(9_999), 50)
  .option('--seconds <count>', 'how long they sell at the first gateway', countUpTo(9_999), 60)
  .option(
    '--attacker',
    'instead of replacing the gateway, compare the answers without and with an attacker beside the tills, twice each for so many seconds: forged deliveries, long waits, slow bodies and squatted ids',
  );

await runProcess(async () => {
  const options = command.parse().opts<TillsOptions & { attacker?: true }>();
  const { tills, seconds } = options;
  const faults =
    options.attacker === true ? await attacked({ tills, seconds }) : await replaced(options);
  process.exitCode = faults.length === 0 ? 0 : 1;
});

async function replaced(options: TillsOptions): Promise<string[]> {
  process.stdout.write(`${options.tills} tills, for ${options.seconds} s and a while …\n`);
  const report = await runTills(options);
  process.stdout.write(`${describeTills(report, options)}\n`);
  return faultsOf(report, true);
}

async function attacked({ tills, seconds }: TillsOptions): Promise<string[]> {
  const options = { ...fullAttack, tills, seconds };
  process.stdout.write(`${tills} tills, four times ${seconds} s, every other with an attacker …\n`);
  const report = await runAttacked(options);
  process.stdout.write(`${describeAttacked(report, options)}\n`);
  return faultsUnderAttack(report);
}
