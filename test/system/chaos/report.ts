/** What a run of chaos prints. */
import type { ArmedFault } from '../../support/sandbox-client.ts';
import type { Breach } from './audit.ts';
import type { ChaosReport } from './run.ts';
import type { Kind } from './trouble.ts';

const struck: Readonly<Record<Kind, string>> = {
  kills: 'workers killed',
  'kills-only': 'workers killed',
  'server-restarts': 'times the Temporal server killed',
  'skip-clocks': "times a worker's clock jumped, up to 4 minutes either way",
};

/** How to repeat it. */
export function commandOf({
  kind,
  seed,
  redemptions,
  concurrency,
}: Pick<ChaosReport, 'kind' | 'seed' | 'redemptions' | 'concurrency'>): string {
  const option = kind === 'kills' ? '' : ` --${kind}`;
  return `npm run chaos -- --seed ${seed} --redemptions ${redemptions} --concurrency ${concurrency}${option}`;
}

export function describeReport(report: ChaosReport): string {
  const { kind, sales, strikes, answers, violations, seconds, folder } = report;
  const endings = countBy(sales, ({ view: { status, reason } }) =>
    reason === undefined ? status : `${status}: ${reason}`,
  );
  const count = (breach: Breach) => violations.filter((each) => each.breach === breach).length;
  const granted = sales.filter(({ answers }) => answers.some((answer) => answer.granted)).length;
  const broken = new Set(violations.map(({ redemptionId }) => redemptionId ?? 'all'));
  const right = broken.has('all') ? 0 : sales.length - broken.size;
  return [
    `${sales.length} redemptions (${granted} granted) in ${seconds} s, ${strikes} ${struck[kind]}, ${answers} answers by operators`,
    ...describeFaults(report),
    'They ended as:',
    ...table(endings),
    ...(violations.length === 0 ? [] : ['Violations:', ...describeViolations(report)]),
    `${count('lost')} lost, ${count('doubled')} doubled, ${count('below zero')} below zero; ${right} of ${sales.length} ended right`,
    ...(violations.length === 0
      ? []
      : [
          `${violations.length} violations in all; the logs are in ${folder}. Repeat it by`,
          `  ${commandOf(report)}`,
        ]),
  ].join('\n');
}

/**
 * By call, then by kind. A fault was survived when it struck and no promise was broken in the whole run: which sale it met is
 * not always to be told, so one broken promise leaves none of them survived.
 */
function describeFaults({ faults, violations }: ChaosReport): string[] {
  const injected = sum(faults);
  const survived = violations.length === 0 ? injected : 0;
  const calls = new Set(faults.map(({ service, call }) => `${service} ${call}`));
  return [
    `${injected} faults injected, ${survived} survived:`,
    ...[...calls].toSorted().map((name) => {
      const own = faults.filter(({ service, call }) => `${service} ${call}` === name);
      const kinds = [...new Set(own.map(({ fault }) => fault))].toSorted();
      const counts = kinds.map(
        (kind) => `${kind} ${sum(own.filter(({ fault }) => fault === kind))}`,
      );
      return line(sum(own), `${name}: ${counts.join(', ')}`);
    }),
  ];
}

function sum(faults: readonly ArmedFault[]): number {
  return faults.reduce((total, { fired }) => total + fired, 0);
}

/** Each with the story of its sale. */
export function describeViolations({ violations, sales }: ChaosReport): string[] {
  return violations.flatMap(({ breach, redemptionId, what }) => {
    const sale = sales.find(({ plan }) => plan.request.redemptionId === redemptionId);
    const head = `  ${breach}${sale === undefined ? '' : `, ${sale.plan.request.program} ${redemptionId}`}: ${what}`;
    if (sale === undefined) return [head];
    return [
      head,
      `    told: ${sale.plan.scenario}`,
      ...sale.view.timeline.map(({ at, what: happened }) => `    ${at} ${happened}`),
    ];
  });
}

function countBy<T>(items: readonly T[], name: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1);
  return counts;
}

function table(counts: ReadonlyMap<string, number>): string[] {
  return [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => line(count, name));
}

function line(count: number, name: string): string {
  return `  ${String(count).padStart(6)}  ${name}`;
}
