/** The kinds of errors, so that a program can tell them apart. docs/reference/errors.md says what to do about each. */
export type ErrorCode =
  /** `field` names what was wrong, and the message says what would be right. No points were taken. */
  | 'invalid-request'
  /** A setting of this process is missing or malformed. */
  | 'invalid-settings'
  /** The id belongs to a request with other content. */
  | 'conflict'
  | 'unknown-redemption'
  /** An operator's act does not fit the redemption's status. */
  | 'refused'
  /** Temporal, a worker or the provider did not answer in time. Asking again is safe. */
  | 'unavailable'
  /** The run was terminated or failed in Temporal, and could not give back what it had taken. */
  | 'ended-by-force';

/** The client and the command line report this instead of an answer. */
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
