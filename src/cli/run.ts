/** Runs one call of the command line. */
import { CommanderError } from 'commander';
import { RedemptionError } from '../domain/errors.ts';
import { SettingsError } from '../schemas/settings-error.ts';
import { createCli } from './create-cli.ts';
import { createOutput } from './output.ts';

/** Sets the exit code. @throws whatever was not foreseen: a bug, which deserves its stack trace */
export async function run(argv: readonly string[]): Promise<void> {
  // Asked before the arguments are parsed: a mistake in them is told as JSON, too.
  const output = createOutput(argv.includes('--json'));
  try {
    await createCli(output).parseAsync(argv);
  } catch (error) {
    const isHelp = error instanceof CommanderError && error.exitCode === 0;
    if (isHelp) return;
    process.exitCode = 1;
    output.fail(await explained(error));
  }
}

/** The error in words that its reader can act on. */
async function explained(error: unknown): Promise<RedemptionError> {
  if (error instanceof RedemptionError) return error;
  if (error instanceof SettingsError) return new RedemptionError('invalid-settings', error.message);
  if (error instanceof CommanderError)
    return new RedemptionError('invalid-request', misuse(error), { cause: error });
  const { refusedByTemporal } = await import('../temporal/connection.ts');
  const refused = refusedByTemporal(error);
  if (refused === undefined) throw error;
  return refused;
}

function misuse({ code, message }: CommanderError): string {
  // Its own message is "(outputHelp)", after the help that it printed.
  if (code === 'commander.help') return 'Add one of the commands above.';
  return message.replace(/^error: /, '');
}
