/** Reads the environment. No other file does. Each reader throws a {@link SettingsError} of one sentence. */
import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';
import { pino } from 'pino';
import { readKeyRing, sandboxKeyRing, type KeyRing } from '../encryption/key-ring.ts';
import type { Environment } from '../files/settings-file.ts';
import { readPaymentSources, type PaymentSources } from '../gateway/payment-events/sources.ts';
import {
  isSandboxProgram,
  readPrograms,
  sandboxPrograms,
  type Programs,
} from '../programs/programs.ts';
import { SANDBOX_DEFAULT_PORT } from '../programs/sandbox.ts';
import { SettingsError } from '../schemas/settings-error.ts';

export const GATEWAY_DEFAULT_PORT = 8080;
export const CODEC_SERVER_DEFAULT_PORT = 8088;
export const UI_DEFAULT_PORT = 8233;

function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

/** Reads the programs of the file that `REDEMPTION_PROGRAMS` names. Without one, returns the two sandbox programs. */
export function readProgramSettings(environment: Environment = process.env): Programs {
  const file = setting(environment, 'REDEMPTION_PROGRAMS');
  return file === undefined
    ? sandboxPrograms(readSandboxOrigin(environment))
    : readPrograms(file, environment);
}

/** Reads the keys of the file that `REDEMPTION_ENCRYPTION_KEYS` names. The sandbox's own keys serve no real program. */
export function readEncryptionSettings(
  programs: Programs,
  environment: Environment = process.env,
): KeyRing {
  const file = setting(environment, 'REDEMPTION_ENCRYPTION_KEYS');
  if (file !== undefined) return readKeyRing(file);
  const real = [...programs.values()].find((program) => !isSandboxProgram(program));
  if (real === undefined) return sandboxKeyRing;
  throw new SettingsError(
    `REDEMPTION_ENCRYPTION_KEYS is not set, but the program ${real.id} is not of the sandbox: set it to the file of keys (create one with "npm run starter -- encryption-keys create --file FILE").`,
  );
}

const LEAST_TOKEN_CHARACTERS = 32;

export interface CodecServerSettings {
  readonly host: string;
  readonly port: number;
  readonly keyRing: KeyRing;
  /** The file of tokens, or the one token that all readers share. `undefined` only with the sandbox's keys. */
  readonly access: { readonly file: string } | { readonly sharedToken: string } | undefined;
  readonly uiOrigin: string;
  /** The addresses of the reverse proxy. */
  readonly proxies: readonly string[];
}

export function readCodecServerSettings(
  environment: Environment = process.env,
): CodecServerSettings {
  const file = setting(environment, 'REDEMPTION_ENCRYPTION_KEYS');
  if (file === undefined && setting(environment, 'REDEMPTION_PROGRAMS') !== undefined)
    throw new SettingsError(
      'REDEMPTION_ENCRYPTION_KEYS is not set, but REDEMPTION_PROGRAMS is: set it to the file of keys that the workers use.',
    );
  const access = readCodecServerAccess(environment);
  if (access === undefined && file !== undefined)
    throw new SettingsError(
      'CODEC_SERVER_TOKENS is not set: set it to the file of tokens (create one with "npm run starter -- codec-tokens create").',
    );
  return {
    host: setting(environment, 'CODEC_SERVER_HOST') ?? '127.0.0.1',
    port: portSetting(environment, 'CODEC_SERVER_PORT', CODEC_SERVER_DEFAULT_PORT),
    keyRing: file === undefined ? sandboxKeyRing : readKeyRing(file),
    access,
    uiOrigin: originFrom(
      'TEMPORAL_UI_ORIGIN',
      setting(environment, 'TEMPORAL_UI_ORIGIN') ?? `http://127.0.0.1:${UI_DEFAULT_PORT}`,
    ),
    proxies: addressesSetting(environment, 'CODEC_SERVER_TRUSTED_PROXIES'),
  };
}

function readCodecServerAccess(environment: Environment): CodecServerSettings['access'] {
  const file = setting(environment, 'CODEC_SERVER_TOKENS');
  const sharedToken = setting(environment, 'CODEC_SERVER_TOKEN');
  if (file !== undefined && sharedToken !== undefined)
    throw new SettingsError(
      'CODEC_SERVER_TOKENS and CODEC_SERVER_TOKEN are both set: unset CODEC_SERVER_TOKEN, because its readers cannot be told apart.',
    );
  if (file !== undefined) return { file };
  if (sharedToken === undefined) return undefined;
  if (sharedToken.length < LEAST_TOKEN_CHARACTERS)
    throw new SettingsError(
      `CODEC_SERVER_TOKEN is too short: set it to at least ${LEAST_TOKEN_CHARACTERS} random characters, such as the output of "openssl rand -base64 32".`,
    );
  return { sharedToken };
}

function addressesSetting(environment: Environment, name: string): readonly string[] {
  const addresses = (setting(environment, name) ?? '').split(',').map((text) => text.trim());
  const given = addresses.filter((address) => address !== '');
  const wrong = given.find((address) => !isAddressOrNetwork(address));
  if (wrong === undefined) return given;
  throw new SettingsError(
    `${name} has ${wrong}: it must be addresses or networks such as 10.0.0.5 or 10.0.0.0/24, separated by commas.`,
  );
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (most === -1 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most)
  );
}

function originFrom(name: string, origin: string): string {
  if (/^https?:\/\/[^/]+$/.test(origin)) return origin;
  throw new SettingsError(
    `${name} is ${origin}: it must be an origin such as https://host.example:8080, without a path.`,
  );
}

/** Reads where the sandbox programs find the sandbox. */
export function readSandboxOrigin(environment: Environment = process.env): string {
  const { port } = readSandboxSettings(environment);
  return originFrom(
    'SANDBOX_ORIGIN',
    setting(environment, 'SANDBOX_ORIGIN') ?? `http://127.0.0.1:${port}`,
  );
}

export interface SandboxSettings {
  readonly port: number;
  readonly host: string;
  /** The file of the sandbox's ledger. Without one, the ledger is lost when the sandbox ends. */
  readonly dataFile: string | undefined;
}

export function readSandboxSettings(environment: Environment = process.env): SandboxSettings {
  return {
    port: portSetting(environment, 'SANDBOX_PORT', SANDBOX_DEFAULT_PORT),
    host: setting(environment, 'SANDBOX_HOST') ?? '127.0.0.1',
    dataFile: setting(environment, 'SANDBOX_DATA'),
  };
}

function portSetting(environment: Environment, name: string, usual: number): number {
  const port = setting(environment, name) ?? String(usual);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new SettingsError(`${name} is ${port}: it must be a port from 0 to 65535.`);
  return Number(port);
}

export interface GatewaySettings {
  readonly port: number;
  readonly host: string;
  /** The file of access keys. */
  readonly accessKeys: string;
  readonly paymentSources: PaymentSources;
  /** Empty unless a reverse proxy stands in front. */
  readonly trustedProxies: readonly string[];
}

export function readGatewaySettings(
  programs: Programs,
  environment: Environment = process.env,
): GatewaySettings {
  const accessKeys = setting(environment, 'GATEWAY_ACCESS_KEYS');
  if (accessKeys === undefined)
    throw new SettingsError(
      'GATEWAY_ACCESS_KEYS is not set: set it to the file of access keys (create one with "npm run starter -- access-keys create").',
    );
  const sources = setting(environment, 'GATEWAY_PAYMENT_SOURCES');
  return {
    port: portSetting(environment, 'GATEWAY_PORT', GATEWAY_DEFAULT_PORT),
    host: setting(environment, 'GATEWAY_HOST') ?? '127.0.0.1',
    accessKeys,
    trustedProxies: networksFrom(
      'GATEWAY_TRUSTED_PROXIES',
      setting(environment, 'GATEWAY_TRUSTED_PROXIES'),
    ),
    paymentSources:
      sources === undefined ? new Map() : readPaymentSources(sources, environment, programs),
  };
}

function networksFrom(name: string, text: string | undefined): string[] {
  const networks = text?.split(',').map((network) => network.trim()) ?? [];
  const wrong = networks.find(
    (network) => !ipaddr.isValid(network) && !ipaddr.isValidCIDR(network),
  );
  if (wrong === undefined) return networks;
  throw new SettingsError(
    `${name} holds ${wrong}: name addresses or networks such as 10.0.0.0/8, separated by commas.`,
  );
}

export function readLogLevel(environment: Environment = process.env): string {
  const level = setting(environment, 'REDEMPTION_LOG_LEVEL') ?? 'info';
  const levels = [...Object.keys(pino.levels.values), 'silent'];
  if (!levels.includes(level))
    throw new SettingsError(
      `REDEMPTION_LOG_LEVEL is ${level}: it must be one of ${levels.join(', ')}.`,
    );
  return level;
}

/** Reads the path of Temporal's command line, which holds the development server. `npm start` sets it. */
export function readTemporalCli(environment: Environment = process.env): string {
  const path = setting(environment, 'TEMPORAL_CLI_PATH');
  if (path === undefined)
    throw new SettingsError('TEMPORAL_CLI_PATH is not set: run this with npm start.');
  return path;
}

/**
 * Returns the environment of a child process: ours plus `additions`, without TEMPORAL_* settings, because the child talks to
 * the server that we started.
 */
export function childEnvironment(
  additions: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  const own = Object.entries(process.env).filter(([name]) => !/^TEMPORAL_(?!.*_PATH$)/.test(name));
  return { ...Object.fromEntries(own), ...additions };
}
