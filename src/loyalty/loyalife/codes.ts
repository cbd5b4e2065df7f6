import type { Refusal } from '../../domain/quote.ts';
import { ProviderError } from '../provider.ts';

/** The published codes that certainly mean that nothing moved [D]. 120, 208, 998 and 999 are mistakes of ours. */
const REFUSALS: ReadonlyMap<string, Refusal> = new Map([
  ['103', 'member-unknown'],
  ['107', 'member-inactive'],
  ['113', 'member-inactive'],
  ['114', 'member-inactive'],
  ['302', 'insufficient-points'],
  ['120', 'rejected'],
  ['208', 'rejected'],
  ['998', 'rejected'],
  ['999', 'rejected'],
]);

/** 301 (failed to redeem), 997 (server-side error), codes of a fraud module and unpublished codes leave the outcome open [?]. */
export function failureOf(call: string, code: string): ProviderError {
  const refusal = REFUSALS.get(code);
  return new ProviderError(refusal === undefined ? 'unknown' : 'refused', `${call}: code ${code}`, {
    refusal,
  });
}

/** Codes 301 and 997 mean that the server failed, and not that a reversal was refused. */
export function leavesOpen(code: string): boolean {
  return code === '301' || code === '997';
}
