/** The verbs of operators. */
import { checkResolution } from '../client/operator-actions.ts';
import type { ListFilter } from '../client/redemption-list.ts';
import { RedemptionError } from '../domain/errors.ts';
import { formatDuration } from '../schemas/duration.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal/connection.ts';
import { createSearchAttributes } from '../temporal/namespace.ts';
import { RETENTION_MS, isTooShort, retentionOf, setRetention } from '../temporal/retention.ts';
import { countFrom, durationFrom, given } from './arguments.ts';
import { connected, print, saleVerb, verb, wantsJson, type SaleOptions } from './command.ts';
import { confirm, demandAsker } from './confirm.ts';
import { actText, listText, printJson, printText, showText } from './output.ts';

interface ListOptions {
  readonly program?: string;
  readonly store?: string;
  readonly status?: ListFilter['status'];
  readonly reason?: ListFilter['reason'];
  readonly member?: string;
  readonly olderThan?: string;
  readonly newerThan?: string;
  readonly needsAttention?: true;
  readonly limit: string;
}

const SAY_EVERY = 100;

verb('list', 'the latest redemptions, newest first')
  .option('--program <program>', 'of one program')
  .option('--store <store>', 'of one store')
  .option('--status <status>', 'in one status, such as compensating')
  .option('--reason <reason>', 'for one reason, such as restoration-refused')
  .option('--member <member>', 'of one member, spelled as the till did')
  .option('--older-than <duration>', 'that began longer ago, such as 15m')
  .option('--newer-than <duration>', 'that began less long ago, such as 1d')
  .option('--needs-attention', 'what waits for an operator, reversals, watches and cases too')
  .option('--limit <n>', 'how many', '20')
  .action(async (options: ListOptions) => {
    const { program, store, status, reason, member, needsAttention } = options;
    const { olderThan, newerThan } = options;
    const shown = countFrom(options.limit, 'limit');
    const asked = {
      ...given({ program, store, status, reason, member, needsAttention }),
      ...(olderThan !== undefined && { olderThan: durationFrom(olderThan, 'olderThan') }),
      ...(newerThan !== undefined && { newerThan: durationFrom(newerThan, 'newerThan') }),
      // One more tells whether the list was cut off.
      limit: shown + 1,
    };
    const found = await connected((client) =>
      client.list(asked, (count) => {
        if (!wantsJson && count % SAY_EVERY === 0) process.stderr.write(`${count} found\n`);
      }),
    );
    const redemptions = found.slice(0, shown);
    const more = found.length > shown;
    if (wantsJson) printJson({ redemptions, more });
    else printText(listText(redemptions, more));
  });

saleVerb('show', 'one sale with its timeline, and what to do next').action(
  async ({ program, id }: SaleOptions) => {
    const view = await connected((redemptions) =>
      redemptions.status({ program, redemptionId: id }),
    );
    if (wantsJson) printJson(view);
    else printText(showText(view));
  },
);

interface ActOptions {
  readonly yes?: true;
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
  .option('--yes', 'do it without asking')
  .action(async (options: Partial<SaleOptions> & ActOptions & { readonly query?: string }) => {
    const { program, id, query, by, why, yes } = options;
    if (query === undefined) {
      if (program === undefined || id === undefined)
        throw new RedemptionError('invalid-request', 'query must be given, or program and id.', {
          field: 'query',
        });
      demandAsker(yes);
      await connected(async (redemptions) => {
        await confirm(
          actText('retry', await redemptions.status({ program, redemptionId: id })),
          yes,
        );
        await redemptions.retry({ program, redemptionId: id }, { by, why });
        print(await redemptions.status({ program, redemptionId: id }), showText);
      });
      return;
    }
    demandAsker(yes);
    const told = await connected(async (redemptions) => {
      const waiting = await redemptions.countWaiting(query);
      await confirm(`retry ${waiting} that need attention and fit the query`, yes);
      return redemptions.retryAll(query, { by, why }, (count) => {
        if (!wantsJson && count % 10 === 0)
          process.stderr.write(`${count} of ${waiting} told to try again\n`);
      });
    });
    if (wantsJson) printJson({ retried: told });
    else printText(`${told} told to try again`);
  });

saleVerb('resolve', 'settle what waits for an operator; show says what fits')
  .requiredOption('--as <resolution>', 'adopt, not-deducted, restored, deduct-again or accept')
  .option('--reference <reference>', "the provider's, for adopt")
  .requiredOption('--by <name>', 'who does it')
  .requiredOption('--why <text>', 'why; nothing personal')
  .option('--yes', 'do it without asking')
  .action(
    async (
      options: SaleOptions & ActOptions & { readonly as: string; readonly reference?: string },
    ) => {
      const { program, id, as, reference, by, why, yes } = options;
      demandAsker(yes);
      await connected(async (redemptions) => {
        const resolution = checkResolution({ resolution: as, by, why, ...given({ reference }) });
        const view = await redemptions.status({ program, redemptionId: id });
        await confirm(actText(`resolve as ${as}:`, view), yes);
        await redemptions.resolve({ program, redemptionId: id }, resolution);
        print(await redemptions.status({ program, redemptionId: id }), showText);
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
