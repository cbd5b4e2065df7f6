/** What every verb of the command line shares. */
import { Command } from 'commander';
import { RedemptionClient } from '../client/redemption-client.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { encryptionWith } from '../encryption/data-converter.ts';
import { readEncryptionSettings, readProgramSettings } from '../process/settings.ts';
import type { Programs } from '../programs/programs.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal/connection.ts';
import { printJson, printText, tillView } from './output.ts';

export interface SaleOptions {
  readonly program: string;
  readonly id: string;
  readonly json?: true;
}

export const wantsJson = process.argv.includes('--json');

export async function connected<T>(
  use: (redemptions: RedemptionClient, programs: Programs) => Promise<T>,
): Promise<T> {
  const programs = readProgramSettings();
  const { client, connection } = await connectToTemporal(
    readTemporalSettings(),
    encryptionWith(readEncryptionSettings(programs)),
  );
  try {
    return await use(new RedemptionClient({ temporal: client, programs }), programs);
  } finally {
    await connection.close();
  }
}

export function print(view: RedemptionView, text: (view: RedemptionView) => string): void {
  if (wantsJson) printJson(tillView(view));
  else printText(text(view));
}

export const cli = new Command('starter')
  .description('Redeems loyalty points for a sale, and tells what becomes of them.')
  .addHelpText(
    'after',
    `
Examples (docs/start.md lists the sandbox's members):
  npm run starter -- redeem --program coffee-club --id S1-0001 --member member-1 --points 500 --basket 20.00 --store S1 --till T1
  npm run starter -- capture --program coffee-club --id S1-0001
  npm run starter -- status --program coffee-club --id S1-0001

Exit codes: redeem 0 granted, 2 not granted, 1 refused or in trouble; everything else 0 or 1.
Temporal is found by TEMPORAL_ADDRESS (localhost:7233), the programs by REDEMPTION_PROGRAMS (the sandbox's).`,
  )
  .exitOverride()
  .configureOutput({ outputError: () => undefined });

export function verb(name: string, description: string): Command {
  return cli.command(name).description(description).option('--json', 'print one line of JSON');
}

export function saleVerb(name: string, description: string): Command {
  return verb(name, description)
    .requiredOption('--program <program>', 'the program')
    .requiredOption('--id <id>', 'the redemption, as the POS named it');
}
