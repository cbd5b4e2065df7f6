/** Nothing is changed by an operator's verb before somebody has read what it will do, and agreed. */
import { createInterface } from 'node:readline/promises';
import { RedemptionError } from '../domain/errors.ts';

/** @throws RedemptionError `invalid-request` where nobody could be asked: before any work is done for the question */
export function demandAsker(yes: true | undefined): void {
  if (yes || process.stdin.isTTY) return;
  throw new RedemptionError(
    'invalid-request',
    'yes must be given where nobody can be asked: add --yes to go on without the question.',
    { field: 'yes' },
  );
}

/** Asks on standard error, for standard output is the answer's. @throws RedemptionError `refused` for anything but yes */
export async function confirm(what: string, yes: true | undefined): Promise<void> {
  if (yes) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  // Control-C and Control-D are a no.
  terminal.once('close', () => gone.abort());
  const answer = await terminal
    .question(`${what}\nGo on? [y/N] `, { signal: gone.signal })
    .catch(() => 'no');
  terminal.close();
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new RedemptionError('refused', 'Nothing was changed.');
}
