import type { Money } from '../schemas/redemption.ts';
import type { ActKind } from './acts.ts';
import type { SaleId } from './sale-id.ts';
import type { Reason, Status } from './statuses.ts';

/** What everybody may see of a redemption. It does not hold the member. */
export interface RedemptionView extends SaleId {
  readonly store: string;
  readonly status: Status;
  readonly reason?: Reason;
  readonly granted: boolean;
  readonly points: number;
  readonly discount: Money;
  readonly providerReference?: string;
  /** Says what was wrong with the request (`field` names the place), or what a person has to do next. */
  readonly message?: string;
  readonly field?: string;
  /** The acts that an operator may choose from while the sale needs attention. */
  readonly acts?: readonly ActKind[];
  readonly timeline: readonly TimelineEntry[];
}

/** `at` is ISO 8601. */
export interface TimelineEntry {
  readonly at: string;
  readonly what: string;
}

/** Explains the status of a redemption. */
export interface Explanation {
  readonly reason?: Reason;
  readonly message?: string | undefined;
  readonly field?: string | undefined;
  readonly acts?: readonly ActKind[] | undefined;
}

/** A state starts from a new sale, or from one that has ended. */
export type Opening = Omit<RedemptionView, 'granted' | 'timeline'>;
