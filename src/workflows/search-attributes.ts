/** Operators find redemptions by these. Search attributes are not encrypted, so they hold nothing personal. */
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Status } from '../domain/statuses.ts';

export const searchAttributes = {
  /** {@link ON_COURSE}, or the status of a sale that has left its normal course. */
  status: defineSearchAttributeKey('RedemptionStatus', 'KEYWORD'),
  reason: defineSearchAttributeKey('RedemptionReason', 'KEYWORD'),
  program: defineSearchAttributeKey('RedemptionProgram', 'KEYWORD'),
  /** The provider's reference. Set when a sale leaves its normal course. */
  reference: defineSearchAttributeKey('RedemptionReference', 'KEYWORD'),
  store: defineSearchAttributeKey('RedemptionStore', 'KEYWORD'),
  /** A keyed hash of the member as the till spelled it. */
  member: defineSearchAttributeKey('RedemptionMember', 'KEYWORD'),
  /** When the sale should be over at the latest if it goes well. */
  deadline: defineSearchAttributeKey('RedemptionDeadline', 'DATETIME'),
} as const;

/**
 * The status given at the start. A sale keeps it in its normal course, because each change would cost an event of history.
 * Only the run itself knows the exact step.
 */
export const ON_COURSE = 'on-course';

const COURSE: readonly Status[] = [
  'checking-balance',
  'deducting',
  'awaiting-payment',
  'fulfilling',
  'completed',
];

export function isOnCourse(status: Status): boolean {
  return COURSE.includes(status);
}
