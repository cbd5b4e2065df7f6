import { RedemptionError } from '../domain/errors.ts';
import { SettingsError } from '../schemas/settings-error.ts';

/** Runs a process to its end. An error that its user can fix is printed as one sentence. Only a bug shows its stack. */
export async function runProcess(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isExpected = error instanceof SettingsError || error instanceof RedemptionError;
    process.stderr.write(
      `${isExpected ? error.message : String((error as Error).stack ?? error)}\n`,
    );
    process.exitCode = 1;
  }
}
