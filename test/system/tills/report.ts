/** What `npm run tills` prints, and what it finds fault with. */
import type { Memory } from '../../support/memory.ts';
import type { TillsOptions, TillsReport } from './run.ts';

const MAX_GROWTH = 1.2;

/** Memory is only judged after a run that is long enough to show a leak. */
export function faultsOf(
  { tally, memory, exitCode, wrong }: TillsReport,
  isLong: boolean,
): string[] {
  const { warm, end } = memory;
  const leaks =
    isLong && (end.heap > MAX_GROWTH * warm.heap || end.resident > MAX_GROWTH * warm.resident);
  return [
    ...tally.faults,
    ...wrong,
    ...(exitCode === 0 ? [] : [`the gateway ended with exit code ${exitCode}`]),
    ...(leaks ? [`its memory grew from ${describeMemory(warm)} to ${describeMemory(end)}`] : []),
  ];
}

export function describeTills(report: TillsReport, { tills, seconds }: TillsOptions): string {
  const { tally, memory } = report;
  const faults = faultsOf(report, true);
  return [
    `${tills} tills, ${seconds} s at one gateway and ${seconds / 5} s at the one after it: ${tally.sales.length} sales`,
    ...[...tally.answers]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .map(([answer, count]) => `  ${String(count).padStart(6)}  ${answer}`),
    `memory of the gateway: ${describeMemory(memory.warm)} when warm, ${describeMemory(memory.end)} at its end`,
    faults.length === 0
      ? 'Every till had its answers, and the ledger is exact.'
      : ['WRONG:', ...faults].join('\n  '),
  ].join('\n');
}

function describeMemory({ resident, heap }: Memory): string {
  return `${mebibytes(resident)} (${mebibytes(heap)} of JavaScript)`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MiB`;
}
