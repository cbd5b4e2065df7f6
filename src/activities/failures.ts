/** The one place that says what a provider's error means to Temporal and to the saga. */
import { ApplicationFailure } from '@temporalio/common';
import type { FailedDeduction } from '../domain/orders.ts';
import { ProviderError } from '../loyalty/provider.ts';

/** A provider may ask for any pause; the saga comes back at least this often. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** For a call that may be repeated as often as it takes: every error but a definite refusal is retried. */
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

/** An error that is not the provider's is a bug, and may have struck after the request was sent: unknown. */
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
