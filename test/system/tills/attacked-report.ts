/** What `npm run tills -- --attacker` prints, and what it finds fault with. */
import type { AttackedOptions, AttackedReport } from './attacked.ts';
import type { AttackReport, Statuses } from './attacker.ts';
import type { Wait } from './till.ts';

/** Times are told and never judged: they are the machine's. */
export function faultsUnderAttack({ tally, wrong, attacks }: AttackedReport): string[] {
  return [
    ...tally.faults,
    ...tally.notGranted.map((sale) => `not granted: ${sale}`),
    ...[...tally.answers]
      .filter(([answer]) => !/: 2\d\d$/.test(answer))
      .map(([answer, count]) => `${count} x ${answer}`),
    ...wrong,
    ...attacks.flatMap(({ forged, squats, waits }) => [
      ...accepted('a forged delivery was accepted', forged),
      ...accepted('a squatted id was accepted', squats),
      ...accepted("a sale of the attacker's was granted", waits),
    ]),
  ];
}

function accepted(what: string, statuses: Statuses): string[] {
  return Object.keys(statuses).some((status) => status.startsWith('2')) ? [what] : [];
}

export function describeAttacked(
  report: AttackedReport,
  { tills, seconds }: AttackedOptions,
): string {
  const faults = faultsUnderAttack(report);
  const ratio = (share: number) => (at(report.with, share) / at(report.without, share)).toFixed(2);
  return [
    `${tills} tills, ${report.attacks.length} times ${seconds} s without and with an attacker: ${report.tally.sales.length} sales`,
    `  without: ${describeWaits(report.without)}`,
    `  with:    ${describeWaits(report.with)}`,
    `  ratio of p50: ${ratio(0.5)}, of p99: ${ratio(0.99)}`,
    ...report.attacks.map(describeAttack),
    faults.length === 0
      ? 'No honest sale was refused, nothing forged or squatted was accepted, and the ledger is exact.'
      : ['WRONG:', ...faults].join('\n  '),
  ].join('\n');
}

function describeAttack(attack: AttackReport, index: number): string {
  const { seconds, cpuSeconds, mostHeld, forged, waits, slowBodies, squats } = attack;
  const rate = (statuses: Statuses) => `${(sum(statuses) / seconds).toFixed(0)}/s`;
  return [
    `attack ${index + 1}, ${seconds.toFixed(0)} s, ${((100 * cpuSeconds) / seconds).toFixed(0)} % of a processor (status × times; 0 is a connection that was cut)`,
    `  forged deliveries of 256 KiB, ${rate(forged)}: ${list(forged)}`,
    `  long waits, at most ${mostHeld} held, asked ${rate(waits)}: ${list(waits)}`,
    `  slow bodies: ${list(slowBodies)}`,
    `  squatted ids, ${rate(squats)}: ${list(squats)}`,
  ].join('\n');
}

function sum(statuses: Statuses): number {
  return Object.values(statuses).reduce((total, count) => total + count, 0);
}

function list(statuses: Statuses): string {
  return Object.entries(statuses)
    .map(([status, count]) => `${status} × ${count}`)
    .join(', ');
}

/** The wait, in ms, that this share of the answers did not exceed. */
function at(waits: readonly Wait[], share: number): number {
  const sorted = waits.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

function describeWaits(waits: readonly Wait[]): string {
  const ms = (share: number) => `${at(waits, share).toFixed(0)} ms`;
  const refused = waits.filter(({ granted }) => !granted).length;
  return `${waits.length} answers, p50 ${ms(0.5)}, p99 ${ms(0.99)}, longest ${ms(1)}; ${refused} not granted`;
}
