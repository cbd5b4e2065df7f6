/** `npm run tills`: exit code 0 when every till had its answers and the ledger is exact. */
import { Command } from 'commander';
import { runProcess } from '../../../src/process/run.ts';
import { countUpTo } from '../../support/counts.ts';
import { describeAttacked, faultsUnderAttack } from './attacked-report.ts';
import { fullAttack, runAttacked } from './attacked.ts';
import { describeTills, faultsOf } from './report.ts';
import { runTills, type TillsOptions } from './run.ts';

const TILLS = 50;
/** Fewer, so that the processors have time for both: what is measured is the gateway, and not who gets a processor. */
const TILLS_UNDER_ATTACK = 20;

interface Options {
  readonly tills?: number;
  readonly seconds: number;
  readonly attacker?: true;
}

const command = new Command('npm run tills --')
  .description('Many tills sell through one gateway, which is stopped and replaced meanwhile.')
  .option(
    '--tills <count>',
    'how many sell at once (default: 50, and 20 with an attacker)',
    countUpTo(9_999),
  )
  .option('--seconds <count>', 'how long they sell at the first gateway', countUpTo(9_999), 60)
  .option(
    '--attacker',
    'instead of replacing the gateway, compare the answers without and with an attacker beside the tills, twice each for so many seconds: forged deliveries, long waits, slow bodies and squatted ids',
  );

await runProcess(async () => {
  const { tills, seconds, attacker } = command.parse().opts<Options>();
  const faults =
    attacker === true
      ? await attacked({ tills: tills ?? TILLS_UNDER_ATTACK, seconds })
      : await replaced({ tills: tills ?? TILLS, seconds });
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
