/** The costs as a document. */
import type { Cost } from '../../support/cost.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { endings } from './endings.ts';

export interface SaleCost {
  /** Of the redemption and of whatever followed it. */
  readonly sale: Cost;
  /** Of the runs that were its member's turns. */
  readonly turns: Cost;
}

const INTRO = `# What a sale costs

History events, workflow tasks and billable actions of each ending, exactly: of the redemption and of the reversal or case
that followed it, and after a \`+\` those of the runs that were its member's turns. \`test/system/cost/cost.test.ts\` drives each
ending through a real Temporal server, worker and sandbox, one message after the other, and compares what it found with
this file; \`npm test -- test/system/cost -u\` accepts a changed cost. Actions are those of Temporal Cloud as far as a history
tells: queries, and the heartbeats of an activity that takes longer than 3 s, are not in it. Not here: news for the POS, and
what an ending costs that depends on how long something takes, such as the look-ups for an unknown deduction. What the events
cost in time and memory is in [PERFORMANCE.md](PERFORMANCE.md).
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
    const ofTurns = cost.turns[count];
    return ofTurns === 0 ? `${cost.sale[count]}` : `${cost.sale[count]} + ${ofTurns}`;
  });
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
