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
    const planted = chosen.filter((fault) => !stale.includes(fault));
    const isGreen = await passWithoutFaults(planted, lanes, inCopy);
    const missed = isGreen ? await plant(planted, lanes, inCopy) : planted.length;
    const caught = planted.length - missed;
    say(
      isGreen
        ? `${caught} of ${chosen.length} faults were caught, ${missed} were not, ${stale.length} are stale.`
        : 'No fault was planted, because a test fails without one.',
    );
    process.exitCode = isGreen && chosen.length > 0 && caught === chosen.length ? 0 : 1;
  } finally {
    for (const copy of copies) copy.remove();
  }
});

type InCopy = (use: (copy: Copy) => Promise<Verdict>) => Promise<Verdict>;

/** Runs each test once as it is. A fault would be caught for a wrong reason by a test that fails anyway. */
async function passWithoutFaults(
  planted: readonly Fault[],
  lanes: number,
  inCopy: InCopy,
): Promise<boolean> {
  const runs = new Map<string, (string | undefined)[]>();
  for (const { test, name } of planted) runs.set(test, [...(runs.get(test) ?? []), name]);
  let isGreen = true;
  await pMap(
    runs,
    async ([test, names]) => {
      // One that names none needs all.
      const name = names.includes(undefined) ? undefined : names.join('|');
      const verdict = await inCopy((copy) => copy.run(test, name));
      if (verdict.kind !== 'passed') isGreen = false;
      say(`without a fault: ${verdict.kind === 'passed' ? 'passed' : told(verdict)}: ${test}`);
    },
    { concurrency: lanes },
  );
  return isGreen;
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
  return verdict.kind === 'failed' ? `FAILED (${verdict.names.join('; ')})` : 'all passed';
}

function isThere({ file, find }: Fault): boolean {
  return readFileSync(file, 'utf8').split(find).length === 2;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
