/** `npm run mutate`: exit code 0 when a test saw each fault that was planted. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import pMap from 'p-map';
import { runProcess } from '../../src/process/run.ts';
import { countUpTo } from '../support/counts.ts';
import { Copy, type Verdict } from './copy.ts';
import type { Fault } from './fault.ts';
import { faults } from './faults/index.ts';

interface Options {
  readonly only?: RegExp;
  readonly lanes: number;
}

const command = new Command('npm run mutate --')
  .description(
    'Breaks one promise after the other in a copy of the sources, and runs the test that must fail. First, all these tests must pass. With --stryker, which has to come first, StrykerJS changes the code that needs no server instead; its own options may follow.',
  )
  .option(
    '--only <pattern>',
    'the faults with this in their rule, file or test',
    (text: string) => new RegExp(text, 'i'),
  )
  .option('--lanes <count>', 'how many at once', countUpTo(32), 2);

await runProcess(async () => {
  const { only, lanes } = command.parse().opts<Options>();
  const chosen = faults.filter(
    ({ rule, file, test }) => only === undefined || only.test(`${rule}\n${file}\n${test}`),
  );
  const stale = chosen.filter((fault) => !isThere(fault));
  for (const { rule, file } of stale) say(`STALE: ${rule} (${file} does not hold it just once)`);

  const copies = Array.from({ length: lanes }, () => new Copy());
  /** In the copy of whichever lane is free. */
  const inCopy = async (use: (copy: Copy) => Promise<Verdict>): Promise<Verdict> => {
    const copy = copies.pop();
    if (copy === undefined) throw new Error('more lanes than copies');
    try {
      return await use(copy);
    } finally {
      copies.push(copy);
    }
  };
  try {
    const there = chosen.filter((fault) => !stale.includes(fault));
    const red = await redWithoutFaults(there, lanes, inCopy);
    const planted = there.filter(({ test }) => !red.has(test));
    const missed = await plant(planted, lanes, inCopy);
    const caught = planted.length - missed;
    say(
      `${caught} of ${chosen.length} faults were caught, ${missed} were not, ${stale.length} are stale, and ${there.length - planted.length} were not planted, because their test fails without a fault.`,
    );
    process.exitCode = chosen.length > 0 && caught === chosen.length ? 0 : 1;
  } finally {
    for (const copy of copies) copy.remove();
  }
});

type InCopy = (use: (copy: Copy) => Promise<Verdict>) => Promise<Verdict>;

/** Runs each test once as it is. One that fails anyway would catch a fault for a wrong reason. Returns those. */
async function redWithoutFaults(
  planted: readonly Fault[],
  lanes: number,
  inCopy: InCopy,
): Promise<ReadonlySet<string>> {
  const runs = new Map<string, (string | undefined)[]>();
  for (const { test, name } of planted) runs.set(test, [...(runs.get(test) ?? []), name]);
  const red = new Set<string>();
  await pMap(
    runs,
    async ([test, names]) => {
      // One that names none needs all.
      const name = names.includes(undefined) ? undefined : names.join('|');
      const verdict = await inCopy((copy) => copy.run(test, name));
      if (verdict.kind !== 'passed') red.add(test);
      say(`without a fault: ${verdict.kind === 'passed' ? 'passed' : told(verdict)}: ${test}`);
    },
    { concurrency: lanes },
  );
  return red;
}

/** Returns how many faults no test saw. */
async function plant(planted: readonly Fault[], lanes: number, inCopy: InCopy): Promise<number> {
  let missed = 0;
  let done = 0;
  await pMap(
    planted,
    async (fault) => {
      const verdict = await inCopy((copy) => copy.withFault(fault));
      done += 1;
      const isCaught = verdict.kind === 'failed';
      if (!isCaught) missed += 1;
      const outcome = isCaught ? 'caught' : `NOT CAUGHT, ${told(verdict)}`;
      say(`${done}/${planted.length} ${outcome}: ${fault.rule} (${fault.file}; ${fault.test})`);
    },
    { concurrency: lanes },
  );
  return missed;
}

function told(verdict: Verdict): string {
  if (verdict.kind === 'not-run') return `not run (${verdict.why})`;
  return verdict.kind === 'failed'
    ? `FAILED (${verdict.names.join('; ')}: ${verdict.why})`
    : 'all passed';
}

function isThere({ file, find }: Fault): boolean {
  return readFileSync(file, 'utf8').split(find).length === 2;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
