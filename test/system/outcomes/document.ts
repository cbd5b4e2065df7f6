/** The endings as a document. */
import { orders, sections, type Case, type Order, type Section } from './table.ts';

export interface Ended {
  readonly known: Case;
  readonly ending: string;
}

const INTRO = `# Outcomes

Every call that a redemption makes, every way in which it can go wrong, and what can become of the payment: how the sale
ends, its reversal, watch and case included, and in parentheses the points that moved (of a sale of 200 points).
\`test/system/outcomes/outcomes.test.ts\` drives each cell through a real Temporal server, worker and sandbox, and compares what it
found with this file; \`npm test -- test/system/outcomes -u\` accepts a changed ending. A fault strikes the first call that it
fits, once, unless *for ever* is said: then it lasts until the sale stands still, and is mended where that helps. Faults
with the same endings share a row, and a row holds for both programs unless one is named. Events of the payment are sent
once the till was answered, and all name the same payment; of a call that is over by then, two orders tell everything.
*Deduct by* is 20 s, or 7 s where it is waited for; the settling time is 2 s. What is repeated for minutes is not here:
a fulfilment without an answer for 5 min is \`compensated: fulfilment-failed\`, a payment system without one for 10 min
\`needs-attention: payment-unknown\` (\`test/server/workflows/deadlines.test.ts\`).
`;

/** Markdown; of the endings' content alone, whatever the order in which they came. */
export function documentOf(endings: readonly Ended[]): string {
  const parts = sections.map((section) =>
    sectionOf(
      section,
      endings.filter(({ known }) => known.section === section),
    ),
  );
  return [INTRO, ...parts].join('\n');
}

function sectionOf(section: Section, endings: readonly Ended[]): string {
  // Faults with the same cells share a row.
  const rows = new Map<string, string[]>();
  for (const [fault, ofFault] of byFault(endings)) {
    const cells = section.orders.map((order) => cellOf(order, ofFault)).join(' | ');
    rows.set(cells, [...(rows.get(cells) ?? []), fault]);
  }
  return [
    `## ${section.title}`,
    '',
    section.about,
    '',
    `| fault | ${section.orders.map((order) => orders[order]).join(' | ')} |`,
    `| --- |${' --- |'.repeat(section.orders.length)}`,
    ...[...rows].map(([cells, faults]) => `| ${faults.join('<br>')} | ${cells} |`),
    '',
  ].join('\n');
}

/** A fault that only one of the programs meets is named after it. */
function byFault(endings: readonly Ended[]): Map<string, Ended[]> {
  const programs = new Set(endings.map(({ known }) => known.program));
  const names = new Set(endings.map(({ known }) => known.row.name));
  return new Map(
    [...names].map((name) => {
      const own = endings.filter(({ known }) => known.row.name === name);
      const [only, ...others] = new Set(own.map(({ known }) => known.program));
      return [others.length + 1 === programs.size ? name : `${name} (${only})`, own];
    }),
  );
}

function cellOf(order: Order, ofFault: readonly Ended[]): string {
  const own = ofFault.filter(({ known }) => known.order === order);
  const endings = new Set(own.map(({ ending }) => ending));
  if (endings.size === 1) return [...endings].join();
  return own.map(({ known, ending }) => `${known.program}: ${ending}`).join('<br>');
}
