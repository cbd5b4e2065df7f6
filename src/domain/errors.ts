/** Everything that can go wrong with a request, so that a program can tell the cases apart. */
export type ErrorCode =
  /** `field` names what was wrong; the message says what would be right. Nothing was started. */
  | 'invalid-request'
  /** A setting of this process is missing or malformed. */
  | 'invalid-settings'
  /** Other content under an id that is taken. */
  | 'conflict'
  | 'unknown-redemption'
  /** An operator's act that does not fit where the redemption stands. */
  | 'refused'
  /** Temporal is not reachable, or no worker answered in time. Asking again is safe. */
  | 'unavailable'
  /** The run was ended by force in Temporal; it could not give back what it had taken. */
  | 'ended-by-force';

/** What a client or the command line reports instead of an answer. */
export class RedemptionError extends Error {
  override readonly name = 'RedemptionError';
  readonly code: ErrorCode;
  readonly field: string | undefined;

  constructor(code: ErrorCode, message: string, details: { field?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
  }
}
