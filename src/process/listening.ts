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
      `${server}_PORT is ${port}, and something listens there already: stop it or choose another port.`,
    );
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SettingsError(
      `${server}_HOST and ${server}_PORT are ${host} and ${port}, where this process cannot listen: choose others.`,
    );
  return error;
}
