/** `npm run bench`: what a sale costs, beside a plain saga and an empty workflow on the same server. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { runProcess } from '../src/process/run.ts';
import { coffeeClub, travelMiles } from '../src/programs/sandbox.ts';
import { durationSchema } from '../src/schemas/duration.ts';
import { SettingsError } from '../src/schemas/settings-error.ts';
import { countUpTo } from '../test/support/counts.ts';
import { ofOneMember, soak, whileWaiting } from './growth.ts';
import { memberOf, openHouse, type House } from './house.ts';
import { measure, type Plan, type Progress } from './measure.ts';
import { programId } from './programs.ts';
import { describeLooks, describeReport, reportOn } from './report.ts';
import { rowsOf } from './rows.ts';
import { ourTill } from './tills.ts';

const full: Plan = {
  rounds: 7,
  sales: { one: 25, twenty: 80, hundred: 100 },
  hundredRounds: 7,
  waiting: 500,
};
const quick: Plan = {
  rounds: 3,
  sales: { one: 8, twenty: 30, hundred: 100 },
  hundredRounds: 1,
  waiting: 150,
};

interface Options {
  readonly quick?: true;
  readonly waiting?: readonly number[];
  readonly oneMember?: number;
  readonly soak?: number;
  readonly json?: string;
}

interface Result {
  /** For people. */
  readonly text: string;
  readonly json: object;
}

const kinds = ['quick', 'waiting', 'oneMember', 'soak'] as const;
const insteadOf = (kind: (typeof kinds)[number]) => kinds.filter((other) => other !== kind);

const command = new Command('npm run bench --')
  .description(
    'Measures sales through a real server, worker and sandbox on this machine, beside a plain saga and an empty workflow.',
  )
  .addOption(
    new Option(
      '--quick',
      'three rounds of fewer sales, and none without encryption: under three minutes',
    ).conflicts(insteadOf('quick')),
  )
  .addOption(
    new Option('--waiting <counts>', 'instead: while so many sales wait, such as 1000,5000')
      .argParser((text) => text.split(',').map(countUpTo(100_000)))
      .conflicts(insteadOf('waiting')),
  )
  .addOption(
    new Option('--one-member <sales>', 'instead: a member who has so many sales')
      .argParser(countUpTo(10_000))
      .conflicts(insteadOf('oneMember')),
  )
  .addOption(
    new Option('--soak <duration>', 'instead: twenty tills for so long, such as 30m')
      .argParser(durationFrom)
      .conflicts(insteadOf('soak')),
  )
  .option('--json <file>', 'writes every figure there, too');

await runProcess(async () => {
  const options = command.parse().opts<Options>();
  if (!existsSync('/proc/self/stat'))
    throw new SettingsError('This machine has no /proc, where processor time is read: use Linux.');
  const progress = (text: string) => void process.stderr.write(`${text}\n`);
  const house = await openHouse();
  const stop = () => void house.close().then(() => process.exit(1));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const { text, json } = await run(house, options, progress);
    process.stdout.write(`${text}\n`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(json, null, 2)}\n`);
  } finally {
    await house.close();
  }
});

async function run(house: House, options: Options, progress: Progress): Promise<Result> {
  const till = ourTill(house, 'encrypted', programId(travelMiles.id, 'none'));
  if (options.waiting !== undefined) {
    const looks = await whileWaiting(house, till, options.waiting, progress);
    return { text: describeLooks('waiting sales', looks), json: looks };
  }
  if (options.oneMember !== undefined) {
    // Where members take turns.
    const program = programId(coffeeClub.id, 'none');
    const ofOne = ourTill(house, 'encrypted', program, memberOf(0));
    const looks = await ofOneMember(house, ofOne, options.oneMember, progress);
    return { text: describeLooks('sales of one member, one at a time', looks), json: looks };
  }
  if (options.soak !== undefined) {
    const looks = await soak(house, till, options.soak, progress);
    return { text: describeLooks('seconds', looks), json: looks };
  }
  const plan = options.quick ? quick : full;
  const rows = rowsOf(house).filter(({ worker }) => !options.quick || worker !== 'clear');
  const measured = await measure(house, rows, plan, progress);
  const report = reportOn(rows, measured, plan, house.serverVersion);
  return { text: describeReport(report), json: report };
}

function durationFrom(text: string): number {
  const parsed = durationSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a duration such as 90s or 30m.');
}
