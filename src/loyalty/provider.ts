/**
 * The port: what the saga needs of a loyalty provider, in our words. Each provider's folder holds `client` (the wire) and
 * `adapter` (their words ↔ ours). Vendor words do not leave the folder. docs/providers/adding-a-provider.md is a tutorial.
 */

import type { Deduction, Finding, ProviderNames } from '../domain/orders.ts';
import type { Ask, Quote, Refusal } from '../domain/quote.ts';

/** What a provider can do. The saga asks for these capabilities, and never for a provider's name. */
export interface Capabilities {
  /** The provider itself refuses a deduction above the balance, so tills need no member lock. */
  readonly refusesOverspending: boolean;
  /** A look-up can match our own reference, so that two equal deductions can be told apart. */
  readonly findsByReference: boolean;
  /** Less than the whole deduction can be given back. */
  readonly partialRestore: boolean;
}

export interface Balance {
  /** The provider's own canonical id of the member. All aliases share it. */
  readonly memberId: string;
  /** The points that can be spent. They may be negative if the provider allows an overspend. */
  readonly points: number;
}

export interface Deducted {
  /** The provider's reference of the deduction, verbatim. A restoration names it, also by hand after the retention. */
  readonly reference: string;
  /** The balance after the deduction, if the provider was asked for it. Below zero is an overspend. */
  readonly balance?: number | undefined;
}

export interface Restored {
  readonly reference: string;
}

/**
 * What a look-up has read so far, in plain JSON without personal data. A repetition need not read it again. Whatever is recalled
 * may be old, so it must be true for ever.
 */
export interface LookUpMemory {
  recall(): unknown;
  keep(progress: unknown): void;
}

/** Every call rejects with a {@link ProviderError} and with nothing else, bugs aside. */
export interface LoyaltyProvider {
  readonly capabilities: Capabilities;
  /** Kept with each sale, and handed back with its deduction. Absent if no setting shows in a deduction. */
  readonly names?: ProviderNames | undefined;
  checkBalance(member: string): Promise<Balance>;
  quote(ask: Ask): Promise<Quote>;
  /**
   * Sends at most one request that may move points, at once or not at all, and returns once the points are seen to have
   * moved. `waitMs` bounds the whole call. After it, a request without an answer is `unknown`, and one that was accepted is
   * `not-applied`.
   */
  deductPoints(deduction: Deduction, waitMs: number): Promise<Deducted>;
  /**
   * Gives the whole deduction back. It sends and waits as {@link deductPoints} does. If the provider refuses because the
   * points were given back before, the adapter looks that up, and it is a success.
   */
  restorePoints(deduction: Deduction, reference: string, waitMs: number): Promise<Restored>;
  /** Rejects as `unknown` if it could not look through everything since the attempt. `not-found` must be certain. */
  findDeduction(deduction: Deduction, memory?: LookUpMemory): Promise<Finding>;
  findRestoration(deduction: Deduction, reference: string, memory?: LookUpMemory): Promise<Finding>;
  /**
   * Says whose deduction this is. It is also `ours` if the provider cannot tell it from another one of equal points. It is
   * `not-applied` if it is ours and has not moved the points yet, and `restored` if it is seen to have been given back.
   */
  ownerOf(
    deduction: Deduction,
    reference: string,
  ): Promise<'ours' | 'not-applied' | 'restored' | 'other' | 'unknown'>;
}

/**
 * - `not-sent`: the request was certainly not carried out (connection refused, DNS, 401, 429), and may be sent again.
 * - `refused`: the provider refused definitely, and nothing moved.
 * - `unknown`: the request may or may not have been carried out (time-out after sending, 5xx, broken connection,
 *   unreadable answer).
 * - `not-applied`: the provider accepted it, and its effect was not seen within the wait. The effect may still come.
 */
export type ProviderErrorKind = 'not-sent' | 'refused' | 'unknown' | 'not-applied';

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** Set when `kind` is `refused`. */
  readonly refusal: Refusal | undefined;
  /** The provider's reference, if it gave one before the failure. */
  readonly reference: string | undefined;
  /** How long the provider asked us to wait (429 with Retry-After). */
  readonly retryAfterMs: number | undefined;
  /** True if a look-up cannot succeed, however often it is repeated. */
  readonly isLasting: boolean;

  /** `message` must hold no member reference and no secret: it reaches logs and Temporal UI. */
  constructor(
    kind: ProviderErrorKind,
    message: string,
    details: {
      refusal?: Refusal | undefined;
      reference?: string | undefined;
      retryAfterMs?: number | undefined;
      isLasting?: boolean | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.refusal = details.refusal;
    this.reference = details.reference;
    this.retryAfterMs = details.retryAfterMs;
    this.isLasting = details.isLasting ?? false;
  }
}
