/** The command line: `npm run starter -- VERB`. */
import { CommanderError } from 'commander';
import { cli, wantsJson } from './cli/command.ts';
import './cli/till-verbs.ts';
import './cli/operator-verbs.ts';
import './cli/access-key-verbs.ts';
import './cli/key-verbs.ts';
import { errorJson, printJson } from './cli/output.ts';
import { refusedByTemporal } from './temporal/connection.ts';
import { RedemptionError } from './domain/errors.ts';
import { SettingsError } from './schemas/settings-error.ts';

/** The error in words that its reader can act on; `undefined` for a bug. */
function explained(error: unknown): RedemptionError | undefined {
  if (error instanceof RedemptionError) return error;
  if (error instanceof SettingsError) return new RedemptionError('invalid-settings', error.message);
  if (error instanceof CommanderError)
    return new RedemptionError('invalid-request', error.message.replace(/^error: /, ''));
  return refusedByTemporal(error);
}

try {
  await cli.parseAsync();
} catch (error) {
  const isHelp = error instanceof CommanderError && error.exitCode === 0;
  if (!isHelp) {
    const expected = explained(error);
    process.exitCode = 1;
    if (expected === undefined) throw error;
    if (wantsJson) printJson(errorJson(expected));
    else process.stderr.write(`${expected.message}\n`);
  }
}
