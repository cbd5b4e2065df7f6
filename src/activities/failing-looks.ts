/** When a look-up that fails is left to a person. docs/concepts/redemption.md states the rule in words. */
import { Context } from '@temporalio/activity';
import { ProviderError } from '../loyalty/provider.ts';
import type { Clock } from './dependencies.ts';

const LEAST_ATTEMPTS = 3;
/** In settling times of the program, 30 s by default: five minutes, and half an hour. */
const LONGEST = { refused: 10, unanswered: 60 } as const;

/** Returns whether this attempt's look-up, which has failed with `error`, cannot succeed or has been refused for long. */
export function isRefusedForLong(error: unknown, settlingMs: number, clock: Clock): boolean {
  if (!(error instanceof ProviderError)) return false;
  return (
    error.isLasting ||
    (error.kind === 'refused' && hasFailedFor(LONGEST.refused * settlingMs, clock))
  );
}

/** Returns the same also if the provider has not answered for long. */
export function isUnansweredForLong(error: unknown, settlingMs: number, clock: Clock): boolean {
  return (
    isRefusedForLong(error, settlingMs, clock) ||
    (error instanceof ProviderError && hasFailedFor(LONGEST.unanswered * settlingMs, clock))
  );
}

function hasFailedFor(milliseconds: number, clock: Clock): boolean {
  const { attempt, scheduledTimestampMs } = Context.current().info;
  return attempt >= LEAST_ATTEMPTS && clock.now() - scheduledTimestampMs >= milliseconds;
}
