/** What the demonstration prints, in a hundred columns. */
import Table from 'cli-table3';
import { colors } from '../cli/colors.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
import type { Sale } from './sales.ts';
import type { Services } from './services.ts';

const LABEL_COLUMNS = 8;

const noBorders = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((name) => [name, '']),
);

export function salesTable(sales: readonly Sale[]): string {
  const table = new Table({
    head: ['program', 'sale', 'ends as', 'had', 'taken', 'back', 'has', ''].map(colors.bold),
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    chars: { ...noBorders, middle: '  ', 'mid-mid': '' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const { redemption, ending, before, account, isRight } of sales)
    table.push([
      redemption.program,
      ending,
      redemption.reason === undefined
        ? redemption.status
        : `${redemption.status}: ${redemption.reason}`,
      before,
      account.deducted,
      account.givenBack,
      account.balance,
      isRight ? colors.green('right') : colors.red('WRONG'),
    ]);
  return table.toString();
}

/** Commands and addresses to copy. Where the ports are not the usual ones, a command finds them by variables. */
export function nextSteps(
  { uiUrl, variables }: Pick<Services, 'uiUrl' | 'variables'>,
  sales: readonly Sale[],
): string {
  const starter = 'npm run starter --';
  const sale = `--program coffee-club --id try-${Date.now().toString(36)}`;
  const shown = sales.find(({ ending }) => ending === 'payment voided');
  const runs = `${uiUrl}/namespaces/default/workflows`;
  return [
    'What to do next, in another terminal in this folder; docs/start.md is the whole tour:',
    ...(variables === '' ? [] : [step('first', `export ${variables}`)]),
    step('see all', runs),
    ...(shown === undefined ? [] : [step('see one', `${runs}/${runIn(shown)}`)]),
    step('sell', `${starter} redeem ${sale} --member member-1 \\`),
    step('', '  --points 500 --basket 20.00 --store S1 --till T1'),
    step('pay', `${starter} capture ${sale}`),
    step('ask', `${starter} status ${sale}`),
    step('repair', 'npm run broken-sales   # five sales to repair by docs/operate/practice.md'),
    'Everything runs until Control-C.',
  ].join('\n');
}

function step(label: string, what: string): string {
  return `  ${label.padEnd(LABEL_COLUMNS)}${what}`;
}

/** As people read it: of all that an id can hold, nothing needs to be encoded in a path. */
function runIn({ redemption }: Sale): string {
  return workflowIdOf('redemption', redemption);
}
