/** Reads `wait` of the header `Prefer` (RFC 7240). */
import { Problem } from './problems.ts';

/**
 * Returns milliseconds, or `undefined` without a `wait`. It refuses a wait that the gateway cannot keep, because a till would
 * otherwise count on another deadline than ours.
 * @throws Problem
 */
export function waitOf(prefer: string | undefined): number | undefined {
  const waits = (prefer ?? '')
    .split(',')
    .map((preference) => /^\s*wait\s*=\s*"?([^";]*)"?/i.exec(preference)?.[1]?.trim())
    .filter((value) => value !== undefined);
  const [first] = waits;
  if (first === undefined) return undefined;
  if (/^\d{1,3}$/.test(first) && Number(first) >= 1 && Number(first) <= 600)
    return Number(first) * 1_000;
  throw new Problem('invalid-request', {
    field: 'Prefer',
    detail: 'Prefer must be wait=N, with N from 1 to 600 seconds, such as "wait=5".',
  });
}
