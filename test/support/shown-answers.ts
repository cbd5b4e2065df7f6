/** The commands of a document, and what it says that they answer. */
import { readFileSync } from 'node:fs';

export interface Shown {
  readonly command: string;
  /** Of the block of JSON that follows: the whole answer. */
  readonly json?: string;
  /** Of the block of text that follows: lines of the answer. */
  readonly text?: string;
}

/**
 * Every command in a block of `sh`, unless the comment `<!-- not run: WHY -->` stands before it. What follows a block belongs to
 * its last command.
 */
export function shownAnswers(file: string): Shown[] {
  const shown: Shown[] = [];
  const blocks = /(<!-- not run: [^>]+-->\s+)?^```([^\n]*)\n(.*?)^```/gms;
  for (const [, notRun, kind, block = ''] of readFileSync(file, 'utf8').matchAll(blocks)) {
    const last = shown.at(-1);
    if (kind === 'sh' && notRun === undefined)
      shown.push(...linesOf(block).map((command) => ({ command })));
    else if (last !== undefined && (kind === 'json' || kind === 'text'))
      shown.splice(-1, 1, { ...last, [kind]: block });
  }
  return shown;
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
