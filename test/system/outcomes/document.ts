/** The endings as a document. */
import { oracle, type Answer, type Next } from '../../server/workflows/answered-twice/oracle.ts';
import { orders, sections, type Case, type Order, type Section } from './table.ts';

export interface Ended {
  readonly known: Case;
  readonly ending: string;
}

const INTRO = `# Outcomes

How a sale ends: for every call that a redemption makes, every way in which the call can fail, and every order of payment
events. The points that moved are in parentheses, for a sale of 200 points. The ending includes the sale's reversal, watch
and case.

- A fault strikes the first call that it fits, once. *For ever* means that it lasts until the sale stands still; the fault
  is then cleared, if that makes a difference.
- Faults with the same endings share a row. A row holds for both programs unless it names one.
- Events of the payment are sent after the till was answered, and all name the same payment.
- For a call that is over before payment events matter, two orders of events are enough.
- *Deduct by* is 20 s, or 7 s in the rows that wait for it. The settling time is 2 s.

Two endings are not here, because they take minutes: a fulfilment service without an answer for 5 min
(\`compensated: fulfilment-failed\`), and a payment system without one for 10 min (\`needs-attention: payment-unknown\`).
\`test/server/workflows/deadlines.test.ts\` has them.

This page is generated. \`test/system/outcomes/outcomes.test.ts\` drives each cell through a real Temporal server, worker and
sandbox, and compares the endings with this page. \`npm test -- test/system/outcomes -u\` accepts a changed ending.
`;

const ANSWERS_INTRO = `## needs-attention, answered twice

A sale that waits for an operator, and what each answer leads to while what was wrong stays wrong.
\`test/server/workflows/answered-twice\` gives each of them first, and second after every other one.

- _watch_, _reversal_ and _case_ are the workflows that follow a sale; without one of these words it is the sale's own.
- _asks again_ means that it waits as before and says so once more.
- An answer that a row does not name is refused, or, where it is an event of the payment, recorded and nothing else.
`;

const answers: readonly Answer[] = [
  'retry',
  'adopt',
  'not-deducted',
  'restored',
  'deduct-again',
  'accept',
  'capture',
  'captureInFull',
  'void',
];

/** The oracle of the test that answers every sale twice. */
function answersSection(): string {
  const rows = Object.entries(oracle).map(([standing, row]) => {
    const told = answers.flatMap((answer) => {
      const next = row[answer];
      if (next === undefined || ('recorded' in next && next.recorded === 'same')) return [];
      const name = answer === 'captureInFull' ? 'capture of the whole basket' : answer;
      return [`${name}: ${inWords(next)}`];
    });
    return `| ${standing} | ${told.join('<br>')} |`;
  });
  return [ANSWERS_INTRO, '| waits for | answer: what follows |', '| --- | --- |', ...rows, ''].join(
    '\n',
  );
}

function inWords(next: Next): string {
  if ('refused' in next) return 'refused, because no points have moved';
  if ('untold' in next) return next.untold;
  if ('ends' in next) return next.ends;
  if ('asks' in next) return next.asks === 'same' ? 'asks again' : `waits for ${next.asks}`;
  return `recorded: from then on ${next.recorded}`;
}

/** Markdown; of the endings' content alone, whatever the order in which they came. */
export function documentOf(endings: readonly Ended[]): string {
  const parts = sections.map((section) =>
    sectionOf(
      section,
      endings.filter(({ known }) => known.section === section),
    ),
  );
  return [INTRO, ...parts, answersSection()].join('\n');
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
