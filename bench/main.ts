/** `npm run bench`: what a sale costs, beside a plain saga and an empty workflow on the same server. */
import { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { runProcess } from '../src/process.ts';
import { SettingsError } from '../src/settings-error.ts';
import { openHouse } from './house.ts';
import { measure, type Plan } from './measure.ts';
import { describeReport, reportOn } from './report.ts';
import { rowsOf } from './rows.ts';

const full: Plan = {
  rounds: 7,
  sales: { one: 25, twenty: 80, hundred: 100 },
  hundredRounds: 7,
  waiting: 500,
};
const quick: Plan = {
  rounds: 3,
  sales: { one: 12, twenty: 40, hundred: 100 },
  hundredRounds: 1,
  waiting: 200,
};

interface Options {
  readonly quick?: true;
  readonly json?: string;
}

const command = new Command('npm run bench --')
  .description(
    'Measures sales through a real server, worker and sandbox on this machine, beside a plain saga and an empty workflow.',
  )
  .option('--quick', 'three rounds of fewer sales: under three minutes')
  .option('--json <file>', 'writes every figure there, too');

await runProcess(async () => {
  const options = command.parse().opts<Options>();
  if (!existsSync('/proc/self/stat'))
    throw new SettingsError('This machine has no /proc, where processor time is read: use Linux.');
  const plan = options.quick ? quick : full;
  const house = await openHouse();
  try {
    const rows = rowsOf(house);
    const progress = (text: string) => void process.stderr.write(`${text}\n`);
    const measured = await measure(house, rows, plan, progress);
    const report = reportOn(rows, measured, plan, house.serverVersion);
    process.stdout.write(`${describeReport(report)}\n`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await house.close();
  }
});
