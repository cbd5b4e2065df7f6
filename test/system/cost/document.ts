/** The costs as a document. */
import type { Cost } from '../../support/cost.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { endings } from './endings.ts';

export interface SaleCost {
  /** Of the redemption and of whatever followed it. */
  readonly sale: Cost;
  /** Of the runs that were the member's locks. */
  readonly locks: Cost;
}

const INTRO = `# What a sale costs

History events, workflow tasks and billable actions of each ending, as exact numbers. They include the reversal or case
that followed. After a \`+\` stands the cost of the runs that were the member's locks.

- Actions are those of Temporal Cloud, as far as a history shows them. Queries are left out, and heartbeats of activities
  that take longer than 3 s.
- Notifications for the POS are left out.
- Costs that depend on time are left out, such as the look-ups for an unknown deduction.
- Time and memory are in [performance](../internals/performance.md).

This page is generated. \`test/system/cost/cost.test.ts\` drives each ending through a real Temporal server, worker and
sandbox, one message after the other, and compares the costs with this page. \`npm test -- test/system/cost -u\` accepts a
changed cost.
`;

const counts = ['events', 'workflowTasks', 'actions'] as const;

const programs = { 'coffee-club': 'White Label Loyalty', 'travel-miles': 'Loyalife' } as const;

/** Markdown. */
export function documentOf(costs: ReadonlyMap<string, SaleCost>): string {
  const head = bothPrograms.flatMap((program) => [
    `${programs[program]}: events`,
    'workflow tasks',
    'actions',
  ]);
  const rows = endings.map(({ name }) => [
    name,
    ...bothPrograms.flatMap((program) => cellsOf(costs.get(keyOf(program, name)))),
  ]);
  return [
    INTRO,
    line(['ending', ...head]),
    line(['---', ...head.map(() => '--:')]),
    ...rows.map(line),
    '',
  ].join('\n');
}

export function keyOf(program: string, ending: string): string {
  return `${program}: ${ending}`;
}

function cellsOf(cost: SaleCost | undefined): string[] {
  return counts.map((count) => {
    if (cost === undefined) return '';
    const ofLocks = cost.locks[count];
    return ofLocks === 0 ? `${cost.sale[count]}` : `${cost.sale[count]} + ${ofLocks}`;
  });
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
