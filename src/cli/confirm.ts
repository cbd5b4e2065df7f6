/** An operator's verb changes nothing before somebody has read what it will do, and has agreed. */
import { createInterface } from 'node:readline/promises';
import { RedemptionError } from '../domain/errors.ts';

/** Called before any work is done for the question. @throws RedemptionError `invalid-request` when nobody can answer it */
export function demandAsker(yes: true | undefined): void {
  if (yes || process.stdin.isTTY) return;
  throw new RedemptionError(
    'invalid-request',
    '--yes is required when there is no terminal to confirm on.',
    { field: 'yes' },
  );
}

/** Asks on standard error, because the answer goes to standard output. @throws RedemptionError `refused` for anything but yes */
export async function confirm(what: string, yes: true | undefined): Promise<void> {
  if (yes) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  // Control-C and Control-D are a no.
  terminal.once('close', () => gone.abort());
  const answer = await terminal
    .question(`${what}\nContinue? [y/N] `, { signal: gone.signal })
    .catch(() => 'no');
  terminal.close();
  if (/^\s*y(es)?\s*$/i.test(answer)) return;
  throw new RedemptionError('refused', 'Nothing was changed.');
}
