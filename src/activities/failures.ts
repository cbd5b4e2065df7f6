/** Maps a provider's error to what it means to Temporal and to the saga. This is the only place that does so. */
import { ApplicationFailure } from '@temporalio/common';
import type { FailedDeduction } from '../domain/orders.ts';
import { ProviderError } from '../loyalty/provider.ts';

/** Limits the pause that a provider asks for, so that the saga comes back at least this often. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Makes an error retryable, for a call that may be repeated as often as needed. */
export function retryable(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error;
  throw ApplicationFailure.create({
    message: error.message,
    type: error.kind,
    ...(error.retryAfterMs !== undefined && {
      nextRetryDelay: Math.min(error.retryAfterMs, LONGEST_PAUSE_MS),
    }),
  });
}

/** Any other error than the provider's is a bug. It may have struck after the request was sent, so the outcome is unknown. */
export function failedDeduction(error: unknown): FailedDeduction {
  if (!(error instanceof ProviderError))
    return { kind: 'unknown', message: error instanceof Error ? error.name : 'unexpected error' };
  const { message } = error;
  const reference = error.reference === undefined ? {} : { reference: error.reference };
  switch (error.kind) {
    case 'refused':
      return { kind: 'declined', reason: error.refusal ?? 'rejected', message };
    case 'not-sent':
      return {
        kind: 'not-sent',
        message,
        ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
      };
    case 'unknown':
      return { kind: 'unknown', message, ...reference };
    case 'not-applied':
      return { kind: 'not-applied', message, ...reference };
  }
}
