/** `npm run bench`: what a sale costs, beside a plain saga and an empty workflow on the same server. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { runProcess } from '../src/process/run.ts';
import { coffeeClub, travelMiles } from '../src/programs/sandbox.ts';
import { durationSchema } from '../src/schemas/duration.ts';
import { SettingsError } from '../src/schemas/settings-error.ts';
import { countUpTo } from '../test/support/counts.ts';
import { ofOneMember, soak, whileWaiting } from './growth.ts';
import { measure, type Plan, type Progress } from './measure.ts';
import { programId } from './programs.ts';
import { describeSnapshots, describeReport, reportOn } from './report.ts';
import { rowsOf } from './rows.ts';
import { ourSeller } from './sellers.ts';
import { memberOf, startBenchStack, type BenchStack } from './stack.ts';

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
  const stack = await startBenchStack();
  const stop = () => void stack.close().then(() => process.exit(1));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const { text, json } = await run(stack, options, progress);
    process.stdout.write(`${text}\n`);
    if (options.json !== undefined)
      writeFileSync(options.json, `${JSON.stringify(json, null, 2)}\n`);
  } finally {
    await stack.close();
  }
});

async function run(stack: BenchStack, options: Options, progress: Progress): Promise<Result> {
  const sell = ourSeller(stack, 'encrypted', programId(travelMiles.id, 'none'));
  if (options.waiting !== undefined) {
    const snapshots = await whileWaiting({ stack, sell, progress }, options.waiting);
    return { text: describeSnapshots('waiting sales', snapshots), json: snapshots };
  }
  if (options.oneMember !== undefined) {
    // Where members take turns.
    const program = programId(coffeeClub.id, 'none');
    const ofOne = ourSeller(stack, 'encrypted', program, memberOf(0));
    const snapshots = await ofOneMember({ stack, sell: ofOne, progress }, options.oneMember);
    return {
      text: describeSnapshots('sales of one member, one at a time', snapshots),
      json: snapshots,
    };
  }
  if (options.soak !== undefined) {
    const snapshots = await soak({ stack, sell, progress }, options.soak);
    return { text: describeSnapshots('seconds', snapshots), json: snapshots };
  }
  const plan = options.quick ? quick : full;
  const rows = rowsOf(stack).filter(({ worker }) => !options.quick || worker !== 'clear');
  const measured = await measure({ stack, rows, plan, progress });
  const report = reportOn(rows, measured, plan, stack.serverVersion);
  return { text: describeReport(report), json: report };
}

function durationFrom(text: string): number {
  const parsed = durationSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('It must be a duration such as 90s or 30m.');
}
