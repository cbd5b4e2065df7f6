/** `access-keys create`, for whoever runs the gateway. It needs neither Temporal nor programs. */
import type { Command } from 'commander';
import { addVerb } from './add-verb.ts';
import type { AccessKeyOptions } from './options.ts';
import type { Output } from './output.ts';

export function addAccessKeyVerbs(cli: Command, output: Output): void {
  const accessKeys = cli
    .command('access-keys')
    .description("create access keys for the gateway's callers");

  addVerb(
    accessKeys,
    'create',
    'create an access key; for an existing id, add one (the two newest work)',
  )
    .requiredOption('--file <file>', 'the file that GATEWAY_ACCESS_KEYS names; created if missing')
    .requiredOption('--id <id>', 'who gets the key, such as till-12')
    .option(
      '--scopes <scopes>',
      `some of ${SCOPES}, separated by commas; required for a new id`,
      list,
    )
    .option('--programs <programs>', 'only these, separated by commas (default: all)', list)
    .option('--stores <stores>', 'only these, separated by commas (default: all)', list)
    .option(
      '--id-prefix <prefix>',
      'what a redemption id must begin with; may be repeated (default: STORE- for each of --stores)',
      collect,
    )
    .option('--expires <duration>', 'after which the key is refused, such as 90d (default: never)')
    .action(async (options: AccessKeyOptions) => {
      const { createAccessKey } = await import('./access-key-actions.ts');
      createAccessKey(options, output);
    });
}

/** Written out, because the schema would take its time to load for every verb. */
const SCOPES = 'quote, balance, redeem, read, payments, capture, void, operate';

function collect(prefix: string, before: string[] = []): string[] {
  return [...before, prefix];
}

function list(text: string): string[] {
  return text.split(',').map((entry) => entry.trim());
}
