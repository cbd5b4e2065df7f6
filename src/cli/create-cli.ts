/**
 * The command line: which verbs there are, and what each takes. Loading it costs next to nothing, for help and a mistyped
 * option must be quick: what a verb does is imported when it is called, and Temporal's client with it.
 */
import { Command } from 'commander';
import { addAccessKeyVerbs } from './access-key-verbs.ts';
import { addCodecTokenVerbs } from './codec-token-verbs.ts';
import { addKeyVerbs } from './key-verbs.ts';
import { addOperatorVerbs } from './operator-verbs.ts';
import type { Output } from './output.ts';
import { addTillVerbs } from './till-verbs.ts';

/** Errors are thrown, not printed, and a verb's answer goes to the output. */
export function createCli(output: Output): Command {
  const cli = new Command('npm run starter --')
    .description('Redeems loyalty points against sales, and shows what became of each redemption.')
    .usage('VERB [options]')
    .helpCommand('help [VERB]', 'show the options of a verb')
    .helpOption('-h, --help', 'show this help')
    .addHelpText(
      'after',
      `
Examples (docs/start.md lists the sandbox's members):
  npm run starter -- redeem --program coffee-club --id S1-0001 --member member-1 --points 500 --basket 20.00 --store S1 --till T1
  npm run starter -- capture --program coffee-club --id S1-0001
  npm run starter -- status --program coffee-club --id S1-0001

Exit codes of redeem: 0 granted, 2 not granted, 1 error. Of every other verb: 0 success, 1 error.

Settings: TEMPORAL_ADDRESS is the address of Temporal (default: localhost:7233).
REDEMPTION_PROGRAMS names the file of programs (default: the two sandbox programs).`,
    )
    .exitOverride()
    .configureOutput({ outputError: () => undefined });
  addTillVerbs(cli, output);
  addOperatorVerbs(cli, output);
  addAccessKeyVerbs(cli, output);
  addKeyVerbs(cli, output);
  addCodecTokenVerbs(cli, output);
  return cli;
}
