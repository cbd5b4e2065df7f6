/** What a run of chaos prints. */
import type { Breach } from './audit.ts';
import type { ChaosReport } from './run.ts';

/** How to repeat it. */
export function commandOf({
  seed,
  redemptions,
}: Pick<ChaosReport, 'seed' | 'redemptions'>): string {
  return `npm run chaos -- --seed ${seed} --redemptions ${redemptions}`;
}

export function describeReport(report: ChaosReport): string {
  const { sales, faults, kills, violations, folder } = report;
  const endings = countBy(sales, ({ view: { status, reason } }) =>
    reason === undefined ? status : `${status}: ${reason}`,
  );
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const count = (breach: Breach) => violations.filter((each) => each.breach === breach).length;
  const granted = sales.filter(({ answers }) => answers.some((answer) => answer.granted)).length;
  return [
    `${sales.length} redemptions (${granted} granted), ${kills} workers killed, ${total} faults:`,
    ...table(faults),
    'They ended as:',
    ...table(endings),
    ...(violations.length === 0 ? [] : ['Violations:', ...describeViolations(report)]),
    `${count('lost')} lost, ${count('doubled')} doubled, ${count('below zero')} below zero`,
    ...(violations.length === 0
      ? []
      : [
          `${violations.length} violations in all; the logs are in ${folder}. Repeat it by`,
          `  ${commandOf(report)}`,
        ]),
  ].join('\n');
}

/** Each with the story of its sale. */
export function describeViolations({ violations, sales }: ChaosReport): string[] {
  return violations.flatMap(({ breach, redemptionId, what }) => {
    const sale = sales.find(({ plan }) => plan.request.redemptionId === redemptionId);
    const head = `  ${breach}${sale === undefined ? '' : `, ${sale.plan.request.program} ${redemptionId}`}: ${what}`;
    if (sale === undefined) return [head];
    return [
      head,
      `    told: ${sale.plan.story}`,
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
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`);
}
