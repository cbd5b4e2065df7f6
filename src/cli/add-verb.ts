/** Verbs with the options that they share. */
import type { Command } from 'commander';

export function addVerb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'print the answer, or the error, as one line of JSON');
}

/** A verb about one redemption. */
export function addSaleVerb(parent: Command, name: string, description: string): Command {
  return addVerb(parent, name, description)
    .requiredOption('--program <program>', 'the loyalty program')
    .requiredOption('--id <id>', 'the redemption id that the POS made');
}

export function withActOptions(verb: Command): Command {
  return verb
    .requiredOption('--by <name>', 'who does this')
    .requiredOption('--why <text>', 'why, without personal data')
    .option('--yes', 'do not ask for confirmation');
}
