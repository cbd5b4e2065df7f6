/**
 * What the saga needs of a loyalty provider, in our words. Each provider's folder holds `client` (the wire) and `adapter`
 * (their words ↔ ours); vendor words do not leave it.
 */

import type { Deduction, Finding } from '../domain/orders.ts';
import type { Ask, Quote, Refusal } from '../domain/quote.ts';

/** What a provider can and cannot do; the saga asks here and never for a provider's name. */
export interface Capabilities {
  /** The provider itself refuses a deduction above the balance, so tills need no member lock. */
  readonly refusesOverspending: boolean;
  /** A look-up can match our own reference, so that two equal deductions can be told apart. */
  readonly findsByReference: boolean;
  /** Less than the whole deduction can be given back. */
  readonly partialRestore: boolean;
}

export interface Balance {
  /** The provider's own canonical id of the member: aliases of one member share it. */
  readonly memberId: string;
  /** Points that can be spent; may be negative where the provider allows an overspend. */
  readonly points: number;
}

export interface Deducted {
  /** The provider's reference of the deduction, verbatim: what a restoration or a void after the retention names. */
  readonly reference: string;
  /** The balance after the deduction where the provider was asked for it; below zero is an overspend. */
  readonly balance?: number | undefined;
}

export interface Restored {
  readonly reference: string;
}

/** Every call rejects with a {@link ProviderError} and with nothing else, bugs aside. */
export interface LoyaltyProvider {
  readonly capabilities: Capabilities;
  checkBalance(member: string): Promise<Balance>;
  quote(ask: Ask): Promise<Quote>;
  /**
   * Sends at most one request that may move points, at once or not at all, and returns once the points are seen to have
   * moved. `waitMs` bounds the whole call: past it, what was not accepted is `unknown`, and what was is `not-applied`.
   */
  deductPoints(deduction: Deduction, waitMs: number): Promise<Deducted>;
  /**
   * Gives the whole deduction back: sends and waits as {@link deductPoints} does. Where the provider says no because it was
   * given back already, that is looked up and is a success.
   */
  restorePoints(deduction: Deduction, reference: string, waitMs: number): Promise<Restored>;
  /** Rejects as `unknown` rather than answer `not-found` where it could not look through everything since the attempt. */
  findDeduction(deduction: Deduction): Promise<Finding>;
  findRestoration(deduction: Deduction, reference: string): Promise<Finding>;
  /**
   * Whose deduction this is: `ours` also where the provider cannot tell it from another of equal points, and `not-applied`
   * where it is ours and has not moved the points yet.
   */
  ownerOf(
    deduction: Deduction,
    reference: string,
  ): Promise<'ours' | 'not-applied' | 'other' | 'unknown'>;
}

/**
 * - `not-sent`: certainly not carried out (connection refused, DNS, 401, 429): may be sent again.
 * - `refused`: a definite refusal; nothing moved.
 * - `unknown`: the request may or may not have been carried out (time-out after sending, 5xx, broken connection,
 *   unreadable answer).
 * - `not-applied`: accepted, and its effect not seen within the wait; it may still come.
 */
export type ProviderErrorKind = 'not-sent' | 'refused' | 'unknown' | 'not-applied';

export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  /** Set when `kind` is `refused`. */
  readonly refusal: Refusal | undefined;
  /** The provider's reference, where it gave one before things went wrong. */
  readonly reference: string | undefined;
  /** How long the provider asked us to wait (429 with Retry-After). */
  readonly retryAfterMs: number | undefined;

  /** `message` must hold no member reference and no secret: it reaches logs and Temporal UI. */
  constructor(
    kind: ProviderErrorKind,
    message: string,
    details: {
      refusal?: Refusal | undefined;
      reference?: string | undefined;
      retryAfterMs?: number | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.refusal = details.refusal;
    this.reference = details.reference;
    this.retryAfterMs = details.retryAfterMs;
  }
}
