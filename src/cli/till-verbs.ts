/** The verbs of tills and payment systems. */
import type { Command } from 'commander';
import { addSaleVerb, addVerb } from './add-verb.ts';
import type {
  QuoteOptions,
  RedeemOptions,
  ReportOptions,
  SaleOptions,
  WaitOptions,
} from './options.ts';
import type { Output } from './output.ts';

export function addTillVerbs(cli: Command, output: Output): void {
  const actions = () => import('./till-actions.ts');

  addAskVerb(cli, 'redeem', 'deduct points for a sale, and say whether to give the discount')
    .requiredOption('--id <id>', 'the redemption id: made by the POS, never used again')
    .requiredOption('--basket <amount>', 'the total of the sale, such as 20.00')
    .requiredOption('--store <store>', 'the store')
    .requiredOption('--till <till>', 'the till')
    .option('--cashier <cashier>', 'the cashier')
    .option('--sale-time <time>', 'when the sale was made: ISO 8601 with zone (default: now)')
    .option('--deduct-by <duration>', 'how long the answer may take, 1s to 10m (default: 30s)')
    .option(
      '--payment-deadline <duration>',
      "how long the payment may take, 1s to 30d (default: the program's)",
    )
    .action(async (options: RedeemOptions) => (await actions()).redeem(options, output));

  addSaleVerb(cli, 'capture', "record that the sale's payment was captured")
    .option('--event <id>', 'the event id, by which a repetition is recognised')
    .option('--payment <id>', 'the payment id')
    .option('--amount <amount>', 'the amount that was captured, such as 15.00')
    .action(async (options: ReportOptions) => (await actions()).report('capture', options, output));

  addSaleVerb(cli, 'void', 'record that the sale, or its payment, was voided: the points go back')
    .option('--event <id>', 'the event id, by which a repetition is recognised')
    .option('--payment <id>', 'the payment id, if the payment was voided and not the whole sale')
    .option('--reason <text>', 'why, without personal data')
    .action(async (options: ReportOptions) => (await actions()).report('void', options, output));

  addSaleVerb(cli, 'status', 'show where a redemption stands').action(
    async (options: SaleOptions) => (await actions()).status(options, output),
  );

  addSaleVerb(cli, 'wait', 'wait until a redemption has ended')
    .option('--timeout <duration>', 'how long to wait at most', '1h')
    .action(async (options: WaitOptions) => (await actions()).wait(options, output));

  addAskVerb(
    cli,
    'quote',
    'show what points are worth, and whether the member has enough; deducts nothing',
  )
    .option('--basket <amount>', 'the total of the sale, such as 20.00')
    .action(async (options: QuoteOptions) => (await actions()).quote(options, output));
}

function addAskVerb(cli: Command, name: string, description: string): Command {
  return addVerb(cli, name, description)
    .requiredOption('--program <program>', 'the loyalty program')
    .requiredOption('--member <member>', 'the member, as the provider knows them')
    .option('--points <n>', 'how many points to redeem; this or --amount is required')
    .option('--amount <amount>', 'the discount to redeem, such as 5.00');
}
