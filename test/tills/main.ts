/** `npm run tills -- [--tills N] [--seconds S]`: exit code 0 when every till had its answers and the ledger is exact. */
import { parseArgs } from 'node:util';
import { runProcess } from '../../src/process.ts';
import { SettingsError } from '../../src/settings-error.ts';
import { describeTills, faultsOf } from './report.ts';
import { runTills } from './run.ts';

await runProcess(async () => {
  const { values } = parseArgs({
    options: {
      tills: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '60' },
    },
  });
  const options = {
    tills: wholeNumber('tills', values.tills),
    seconds: wholeNumber('seconds', values.seconds),
  };
  process.stdout.write(`${options.tills} tills, for ${options.seconds} s and a while …\n`);
  const report = await runTills(options);
  process.stdout.write(`${describeTills(report, options)}\n`);
  process.exitCode = faultsOf(report, true).length === 0 ? 0 : 1;
});

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new SettingsError(`--${name} is ${text}: it must be a whole number from 1 to 9999.`);
}
