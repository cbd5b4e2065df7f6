/** The verbs of operators. */
import type { Command } from 'commander';
import { addSaleVerb, addVerb, withActOptions } from './add-verb.ts';
import type { ListOptions, ResolveOptions, RetryOptions, SaleOptions } from './options.ts';
import type { Output } from './output.ts';

export function addOperatorVerbs(cli: Command, output: Output): void {
  const actions = () => import('./operator-actions.ts');

  addVerb(cli, 'list', 'list the latest redemptions, newest first')
    .option('--program <program>', 'only those of this program')
    .option('--store <store>', 'only those of this store')
    .option('--status <status>', 'only those in this status, such as compensating')
    .option('--reason <reason>', 'only those with this reason, such as restoration-refused')
    .option('--member <member>', 'only those of this member, spelled as at the till')
    .option('--older-than <duration>', 'only those that started longer ago than this, such as 15m')
    .option(
      '--newer-than <duration>',
      'only those that started more recently than this, such as 1d',
    )
    .option(
      '--needs-attention',
      'only those that wait for an operator, including their reversals, watches and cases',
    )
    .option('--limit <n>', 'how many to list at most', '20')
    .action(async (options: ListOptions) => (await actions()).list(options, output));

  addSaleVerb(cli, 'show', 'show one sale: its timeline, and what an operator can do next').action(
    async (options: SaleOptions) => (await actions()).show(options, output),
  );

  withActOptions(
    addVerb(cli, 'retry', 'retry one sale that needs attention, or all that a query finds')
      .option('--program <program>', 'the loyalty program')
      .option('--id <id>', 'the redemption id that the POS made')
      .option(
        '--query <query>',
        "instead of one sale: a Temporal visibility query, such as \"RedemptionReason = 'restoration-refused'\"; '' finds every sale that needs attention",
      ),
  ).action(async (options: RetryOptions) => (await actions()).retry(options, output));

  withActOptions(
    addSaleVerb(cli, 'resolve', 'settle a sale that needs attention; show lists what fits it')
      .requiredOption('--as <resolution>', 'adopt, not-deducted, restored, deduct-again or accept')
      .option('--reference <reference>', "the provider's reference; required for adopt"),
  ).action(async (options: ResolveOptions) => (await actions()).resolve(options, output));

  addVerb(
    cli,
    'setup',
    'prepare the namespace: create the search attributes, and keep closed runs for 30 days',
  ).action(async () => (await actions()).setup(output));
}
