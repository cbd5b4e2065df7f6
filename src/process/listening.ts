import { SettingsError } from '../schemas/settings-error.ts';

/** Explains why a server could not listen, and names the settings. Returns any other error as it is. */
export function explainListening(
  error: unknown,
  server: 'CODEC_SERVER' | 'GATEWAY' | 'SANDBOX',
  { host, port }: { readonly host: string; readonly port: number },
): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return new SettingsError(
      `${server}_PORT is ${port}, but another process already listens there: stop that process, or choose another port.`,
    );
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SettingsError(
      `${server}_HOST is ${host} and ${server}_PORT is ${port}, but this process cannot listen there: change one of them.`,
    );
  return error;
}
