/** What the demonstration prints. */
import Table from 'cli-table3';
import { colors } from '../colors.ts';
import { runIdOf } from '../runs.ts';
import type { Sale } from './sales.ts';

export function salesTable(sales: readonly Sale[]): string {
  const table = new Table({
    head: ['program', 'sale', 'ends as', 'before', 'deducted', 'given back', 'after', ''],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
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

/** Where each sale's run is seen in Temporal UI. */
export function runLinks(sales: readonly Sale[], uiUrl: string): string {
  return sales
    .map(({ redemption: { program, redemptionId }, ending }) => {
      const workflowId = encodeURIComponent(runIdOf('redemption', program, redemptionId));
      return `  ${`${program}, ${ending}`.padEnd(34)}${uiUrl}/namespaces/default/workflows/${workflowId}`;
    })
    .join('\n');
}

/** Commands to copy. `prefix` holds the variables that another terminal needs to find these servers. */
export function hints(prefix: string): string {
  const starter = `${prefix}npm run starter --`;
  const sale = `--program coffee-club --id try-${Date.now().toString(36)}`;
  return [
    'Try it yourself, in another terminal in this folder:',
    `  ${starter} redeem ${sale} --member member-1 --points 500 --basket 20.00 --store S1 --till T1`,
    `  ${starter} capture ${sale}`,
    `  ${starter} status ${sale}`,
    `  npm run starter -- --help`,
  ].join('\n');
}
