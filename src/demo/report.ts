/** What the demonstration prints. */
import Table from 'cli-table3';
import { colors } from '../cli/colors.ts';
import { workflowIdOf } from '../domain/temporal-names.ts';
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
      const workflowId = encodeURIComponent(workflowIdOf('redemption', { program, redemptionId }));
      return `  ${`${program}, ${ending}`.padEnd(34)}${uiUrl}/namespaces/default/workflows/${workflowId}`;
    })
    .join('\n');
}

/** What a run holds is encrypted, and a browser has to show that it may read it. */
export function howToDecode(codecOrigin: string): string {
  return [
    'What they hold is encrypted. To read it there, once in each browser:',
    `  sign in at ${codecOrigin} with the token from above;`,
    `  in Temporal UI, click the glasses at the top, choose "Use my browser setting …", enter ${codecOrigin},`,
    '  switch on "Include cross-origin credentials", apply, and reload the page.',
  ].join('\n');
}

/** The sales of one program again, in another terminal; each line that redeems wants an id of its own. */
export function curlLines(gateway: string, sandbox: string): string {
  const json = `-H 'Content-Type: application/json'`;
  const key = `-H "Authorization: Bearer $REDEMPTION_API_KEY"`;
  const run = Date.now().toString(36);
  const id = (number: number) => `try-${run}-${number}`;
  const redeem = (number: number, more: object = {}) => {
    const body = {
      program: 'coffee-club',
      redemptionId: id(number),
      member: 'member-1',
      points: 500,
      basket: { amount: '20.00', currency: 'GBP' },
      store: 'S1',
      till: 'T1',
      ...more,
    };
    return `  curl -sS ${gateway}/v1/redemptions ${key} ${json} -d '${JSON.stringify(body)}'`;
  };
  const sale = (number: number) => `${gateway}/v1/redemptions/coffee-club/${id(number)}`;
  const report = (verb: 'capture' | 'void', number: number) =>
    `  curl -sS ${sale(number)}/${verb} ${key} ${json} -d '{}'`;
  const look = (number: number) => `  curl -sS ${sale(number)} ${key}`;
  const refuse = JSON.stringify({ service: 'fulfilment', call: 'fulfil', fault: 'refuse' });
  return [
    'The same sales by curl, in another terminal, with the line REDEMPTION_API_KEY=… from above run first:',
    '  # paid and fulfilled',
    redeem(1),
    report('capture', 1),
    look(1),
    '  # too few points',
    redeem(2, { member: 'member-poor' }),
    '  # payment voided',
    redeem(3),
    report('void', 3),
    look(3),
    '  # payment never came',
    redeem(4, { paymentDeadline: '1s' }),
    look(4),
    '  # fulfilment refused',
    `  curl -sS ${sandbox}/faults ${json} -d '${refuse}'`,
    redeem(5),
    report('capture', 5),
    look(5),
  ].join('\n');
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
    `  ${prefix}npm run broken-sales`,
  ].join('\n');
}
