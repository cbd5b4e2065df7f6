/** The commands of docs/OPERATING.md, run as an operator would: by a shell, in this folder. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { serverPath } from './servers.ts';
import type { Stack, Ran } from './stack.ts';

const COMMAND_LIMIT_MS = 90_000;

/** The lines of every block of shell under this heading, or of the whole document, without their comments. */
export function handbookCommands(heading?: string): string[] {
  const document = readFileSync('docs/OPERATING.md', 'utf8');
  const sections = document.split(/^(?=## )/m);
  const text =
    heading === undefined
      ? document
      : sections.find((section) => section.startsWith(`## ${heading}\n`));
  if (text === undefined) throw new Error(`docs/OPERATING.md has no section ${heading}`);
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

export async function runShell({ environment }: Stack, command: string): Promise<Ran> {
  const temporal = `temporal() { "${serverPath('TEMPORAL_CLI_PATH')}" "$@"; }`;
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-c', `${temporal}\n${command}`],
      { env: { ...process.env, NO_COLOR: '1', ...environment }, timeout: COMMAND_LIMIT_MS },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr }),
    );
    child.stdin?.end();
  });
}
