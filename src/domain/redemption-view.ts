import type { Money } from '../schemas/redemption.ts';
import type { ActKind } from './acts.ts';
import type { SaleId } from './sale-id.ts';
import type { Reason, Status } from './statuses.ts';

/** What anybody may know of a redemption; no member in it. */
export interface RedemptionView extends SaleId {
  readonly store: string;
  readonly status: Status;
  readonly reason?: Reason;
  readonly granted: boolean;
  readonly points: number;
  readonly discount: Money;
  readonly providerReference?: string;
  /** What was wrong with the request (`field` names it), or what a person has to do next. */
  readonly message?: string;
  readonly field?: string;
  /** While it needs attention: what an operator may do. */
  readonly acts?: readonly ActKind[];
  readonly timeline: readonly TimelineEntry[];
}

/** `at` is ISO 8601. */
export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
}

/** Why a redemption stands where it stands. */
export interface Explanation {
  readonly reason?: Reason;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
  readonly acts?: readonly ActKind[] | undefined;
}

/** What a state starts from: a new sale, or one that has ended. */
export type Opening = Omit<RedemptionView, 'granted' | 'timeline'>;
