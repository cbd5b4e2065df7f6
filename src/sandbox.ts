/** The sandbox: `npm run sandbox`. */
import { explainListening } from './process/listening.ts';
import { readSandboxSettings } from './process/settings.ts';
import { startSandbox } from './sandbox/server.ts';
import { SettingsError } from './schemas/settings-error.ts';

try {
  const settings = readSandboxSettings();
  const sandbox = await startSandbox(settings).catch((error: unknown) => {
    throw explainListening(error, 'SANDBOX', settings);
  });
  const stop = () => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`The sandbox listens on ${sandbox.origin}\n`);
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
