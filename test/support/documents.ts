/** The commands of the documents, run as a reader would: by a shell, in this folder. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { serverPath } from './servers.ts';
import { type Stack, type Ran } from './stack.ts';

const COMMAND_LIMIT_MS = 90_000;

/**
 * The commands in every block of shell of a document, without their comments. A line that ends in a backslash goes on in the
 * next one. A block after the comment `<!-- not run: WHY -->` is left out.
 */
export function commandsOf(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  return [...text.matchAll(/(<!-- not run: [^>]+-->\s+)?^```sh\n(.*?)^```/gms)]
    .filter(([, notRun]) => notRun === undefined)
    .flatMap(([, , block = '']) => block.replaceAll(/\\\n\s*/g, '').split('\n'))
    .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
    .filter((line) => line !== '');
}

export async function runShell(
  { environment }: Pick<Stack, 'environment'>,
  command: string,
): Promise<Ran> {
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
