/** The commands of a document, and what it says that they answer. */
import { readFileSync } from 'node:fs';

export interface Documented {
  readonly command: string;
  /** Of the block of JSON that follows: the whole answer. */
  readonly json?: string;
  /** Of the block of text that follows: lines of the answer. */
  readonly text?: string;
}

/** Every command in a block of `sh`; a block of `sh not-run` is left out. What follows a block belongs to its last command. */
export function documentedCommands(file: string): Documented[] {
  const commands: Documented[] = [];
  for (const [, kind, block = ''] of readFileSync(file, 'utf8').matchAll(
    /^```([^\n]*)\n(.*?)^```/gms,
  )) {
    const last = commands.at(-1);
    if (kind === 'sh') commands.push(...linesOf(block).map((command) => ({ command })));
    else if (last !== undefined && (kind === 'json' || kind === 'text'))
      commands.splice(-1, 1, { ...last, [kind]: block });
  }
  return commands;
}

/** A line that ends in a backslash goes on in the next one. */
function linesOf(block: string): string[] {
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
}

/** Times and the provider's references differ from run to run. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, 'TIME')
    .replaceAll(/\d{4}-\d{2}-\d{2} [\d:]+ UTC/g, 'TIME')
    .replaceAll(/"providerReference": ?"\d+"/g, '"providerReference":"NUMBER"');
}
