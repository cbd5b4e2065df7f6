/** Reads a settings file in JSON, and describes a fault in one sentence that never quotes the file. */
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { describeIssue } from '../schemas/issues.ts';
import { SettingsError } from '../schemas/settings-error.ts';

export interface SettingsFile<Content> {
  /** The variable that names the file. */
  readonly setting: string;
  readonly file: string;
  readonly schema: z.ZodType<Content>;
  /** Says what to do if the file is missing or not JSON, such as "name a JSON file of programs". */
  readonly remedy: string;
  /** The environment with the secrets, if the file names them as `"env:NAME"`. */
  readonly secretsFrom?: Environment;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** @throws SettingsError in one sentence that names the field and the remedy */
export function readSettingsFile<Content>(source: SettingsFile<Content>): Content {
  return parseSettings(textOf(source.file), source);
}

/** Returns `undefined` if the file cannot be read. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** @throws SettingsError as {@link readSettingsFile}; `undefined` is the text of a file that cannot be read */
export function parseSettings<Content>(
  text: string | undefined,
  source: SettingsFile<Content>,
): Content {
  const refuse = (why: string) => new SettingsError(`${nameOf(source)} ${why}: ${source.remedy}.`);
  if (text === undefined) throw refuse('cannot be read');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message can quote the file, so it is not even kept as the cause.
    throw refuse('is not JSON');
  }
  return checkSettings(
    source.secretsFrom === undefined
      ? content
      : resolveSecrets(content, { path: '', from: source.secretsFrom, name: nameOf(source) }),
    source,
  );
}

/** @throws SettingsError that names the field */
export function checkSettings<Content>(
  content: unknown,
  source: Pick<SettingsFile<Content>, 'setting' | 'file' | 'schema'>,
): Content {
  const parsed = source.schema.safeParse(content, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new SettingsError(`${nameOf(source)}: ${describeIssue(parsed.error)}.`);
}

/** @throws SettingsError if two entries of the list have the same id */
export function byId<Entry extends { readonly id: string }>(
  list: string,
  entries: readonly Entry[],
  source: Pick<SettingsFile<unknown>, 'setting' | 'file'>,
): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    if (found.has(entry.id))
      throw new SettingsError(
        `${nameOf(source)}: ${list} has two entries with the id ${entry.id}: give each its own.`,
      );
    found.set(entry.id, entry);
  }
  return found;
}

/** @throws SettingsError if the file names a program that is not configured */
export function demandPrograms(
  named: readonly string[],
  by: string,
  programs: ReadonlyMap<string, unknown>,
  source: Pick<SettingsFile<unknown>, 'setting' | 'file'>,
): void {
  const unknown = named.find((program) => !programs.has(program));
  if (unknown !== undefined)
    throw new SettingsError(
      `${nameOf(source)}: the ${by} names the program ${unknown}, which is not configured: use one of ${[...programs.keys()].join(', ')}.`,
    );
}

function nameOf({ setting, file }: Pick<SettingsFile<unknown>, 'setting' | 'file'>): string {
  return `${setting} (${file})`;
}

interface Place {
  readonly path: string;
  readonly from: Environment;
  readonly name: string;
}

const NAMES_A_SECRET = /(secrets?|key|token|password)(\[\d+\])?$/i;

/** Replaces every `"env:NAME"` by the variable's value, and refuses a secret in the clear. */
function resolveSecrets(value: unknown, { path, from, name }: Place): unknown {
  if (typeof value === 'string') return resolveSecret(value, { path, from, name });
  if (Array.isArray(value))
    return value.map((entry, index) =>
      resolveSecrets(entry, { path: `${path}[${index}]`, from, name }),
    );
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [
        key,
        resolveSecrets(entry, { path: path === '' ? key : `${path}.${key}`, from, name }),
      ]),
    );
  return value;
}

function resolveSecret(text: string, { path, from, name }: Place): string {
  const variable = /^env:(.*)$/.exec(text)?.[1];
  if (variable === undefined) {
    if (!NAMES_A_SECRET.test(path)) return text;
    throw new SettingsError(
      `${name}: ${path} holds a secret in the clear: put it into a variable and write "env:NAME" here.`,
    );
  }
  const value = from[variable];
  if (value === undefined || value === '')
    throw new SettingsError(
      `${name}: ${path} is env:${variable}, and the variable ${variable} is not set: set it.`,
    );
  return value;
}
