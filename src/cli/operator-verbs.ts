/** The verbs of operators. */
import { formatDuration } from '../duration.ts';
import { RETENTION_MS, isTooShort, retentionOf, setRetention } from '../retention.ts';
import { createSearchAttributes } from '../set-up-namespace.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal.ts';
import type { Resolution } from '../client.ts';
import { RedemptionError } from '../errors.ts';
import { countFrom, given } from './arguments.ts';
import { connected, print, saleVerb, verb, wantsJson, type SaleOptions } from './command.ts';
import { listText, printJson, printText, showText } from './output.ts';

interface ListOptions {
  readonly program?: string;
  readonly store?: string;
  readonly status?: string;
  readonly needsAttention?: true;
  readonly limit: string;
}

verb('list', 'the latest redemptions, newest first')
  .option('--program <program>', 'of one program')
  .option('--store <store>', 'of one store')
  .option('--status <status>', 'in one status, such as needs-attention')
  .option('--needs-attention', 'what waits for an operator, reversals, watches and cases too')
  .option('--limit <n>', 'how many', '20')
  .action(async ({ program, store, status, needsAttention, limit }: ListOptions) => {
    const redemptions = await connected((client) =>
      client.list({ program, store, status, needsAttention, limit: countFrom(limit, 'limit') }),
    );
    if (wantsJson) printJson({ redemptions });
    else printText(listText(redemptions));
  });

saleVerb('show', 'the story of one sale, and what to do next').action(
  async ({ program, id }: SaleOptions) => {
    const view = await connected((redemptions) => redemptions.status(program, id));
    if (wantsJson) printJson(view);
    else printText(showText(view));
  },
);

interface ActOptions {
  readonly by: string;
  readonly why: string;
}

verb('retry', 'try again what waits for an operator: one sale, or all that a query finds')
  .option('--program <program>', 'the program')
  .option('--id <id>', 'the redemption, as the POS named it')
  .option(
    '--query <query>',
    "or a visibility query, such as \"RedemptionReason = 'restoration-refused'\"; '' is all",
  )
  .requiredOption('--by <name>', 'who does it')
  .requiredOption('--why <text>', 'why; nothing personal')
  .action(async (options: Partial<SaleOptions> & ActOptions & { readonly query?: string }) => {
    const { program, id, query, by, why } = options;
    if (query === undefined) {
      if (program === undefined || id === undefined)
        throw new RedemptionError('invalid-request', 'query must be given, or program and id.', {
          field: 'query',
        });
      await connected(async (redemptions) => {
        await redemptions.retry(program, id, { by, why });
        print(await redemptions.status(program, id), showText);
      });
      return;
    }
    const told = await connected((redemptions) =>
      redemptions.retryAll(query, { by, why }, (count) => {
        if (!wantsJson && count % 10 === 0) process.stderr.write(`${count} told to try again\n`);
      }),
    );
    if (wantsJson) printJson({ retried: told });
    else printText(`${told} told to try again`);
  });

saleVerb('resolve', 'settle what waits for an operator; show says what fits')
  .requiredOption('--as <resolution>', 'adopt, not-deducted, restored, deduct-again or accept')
  .option('--reference <reference>', "the provider's, for adopt")
  .requiredOption('--by <name>', 'who does it')
  .requiredOption('--why <text>', 'why; nothing personal')
  .action(
    async (
      options: SaleOptions & ActOptions & { readonly as: string; readonly reference?: string },
    ) => {
      const { program, id, as, reference, by, why } = options;
      await connected(async (redemptions) => {
        const resolution = as as Resolution['resolution'];
        await redemptions.resolve(program, id, { resolution, by, why, ...given({ reference }) });
        print(await redemptions.status(program, id), showText);
      });
    },
  );

verb(
  'setup',
  'create what the namespace needs: search attributes, and a retention of 30 days',
).action(async () => {
  const { client, connection } = await connectToTemporal(readTemporalSettings());
  const { namespace } = client.options;
  await createSearchAttributes(connection, namespace);
  if (isTooShort(await retentionOf(client))) await setRetention(client, RETENTION_MS);
  const retentionMs = await retentionOf(client);
  const retention =
    retentionMs === undefined ? 'as long as the server likes' : formatDuration(retentionMs);
  await connection.close();
  if (wantsJson) printJson({ namespace, retention });
  else
    printText(
      `${namespace}: the search attributes are there, closed redemptions are kept for ${retention}`,
    );
});
