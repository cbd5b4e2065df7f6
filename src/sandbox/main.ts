/** Process: the sandbox. Settings: `SANDBOX_PORT`, `SANDBOX_HOST`, `SANDBOX_DATA`. */
import { readSandboxSettings } from '../config.ts';
import { SettingsError } from '../settings-error.ts';
import { startSandbox } from './server.ts';

try {
  const settings = readSandboxSettings();
  const sandbox = await startSandbox(settings).catch((error: unknown) => {
    throw explain(error, settings.host, settings.port);
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

function explain(error: unknown, host: string, port: number): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new SettingsError(
      `SANDBOX_PORT is ${port}, and something listens there already: stop it or choose another port.`,
    );
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SettingsError(
      `SANDBOX_HOST and SANDBOX_PORT are ${host} and ${port}, where this process cannot listen: choose others.`,
    );
  return error;
}
