/** One run of Schemathesis, in a folder of its own, settings included, because it keeps what it learned beside them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Run {
  readonly origin: string;
  readonly key: string;
  readonly folder: string;
  readonly examples: number;
  /** What it uses for a field more often than whatever it invents. The field is named as in `body.redemptionId`. */
  readonly words: Readonly<Record<string, readonly (string | number)[]>>;
}

export interface Ran {
  readonly code: unknown;
  readonly output: string;
}

/** How often one of the words is used. */
const SHARE = 0.8;

export async function schemathesis({ origin, key, folder, examples, words }: Run): Promise<Ran> {
  const path = process.env['SCHEMATHESIS_PATH'];
  if (path === undefined) throw new Error('SCHEMATHESIS_PATH is not set: run this by npm run fuzz');
  const config = join(folder, 'schemathesis.toml');
  mkdirSync(folder);
  writeFileSync(config, `${readFileSync('schemathesis.toml', 'utf8')}\n${dictionaries(words)}`);
  const args = ['--config-file', config, 'run', `${origin}/openapi.json`];
  args.push('--header', `Authorization: Bearer ${key}`, '--request-timeout', '20');
  args.push('--checks', 'all', '--max-examples', String(examples));
  args.push('--continue-on-failure', '--no-color', ...process.argv.slice(2));
  const child = spawn(path, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [unknown];
  return { code, output };
}

/** JSON is TOML here. */
function dictionaries(words: Run['words']): string {
  const fields = Object.entries(words);
  return [
    ...fields.map(
      ([, values], index) => `[dictionaries.words-${index}]\nvalues = ${JSON.stringify(values)}`,
    ),
    '[parameters]',
    ...fields.map(
      ([field], index) =>
        `${JSON.stringify(field)} = { dictionary = "words-${index}", probability = ${SHARE} }`,
    ),
  ].join('\n');
}

/** From its summary: "2345 generated". */
export function casesIn({ output }: Ran): number {
  return Number(/(\d+) generated/.exec(output)?.[1] ?? 0);
}
