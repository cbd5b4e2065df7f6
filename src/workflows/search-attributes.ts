/** What operators can find redemptions by. Search attributes pass no payload codec, so nothing personal is in them. */
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Status } from '../domain/statuses.ts';

export const searchAttributes = {
  /** {@link ON_COURSE}, or the status of a sale that left its course. */
  status: defineSearchAttributeKey('RedemptionStatus', 'KEYWORD'),
  reason: defineSearchAttributeKey('RedemptionReason', 'KEYWORD'),
  program: defineSearchAttributeKey('RedemptionProgram', 'KEYWORD'),
  /** The provider's; set when a sale leaves its course. */
  reference: defineSearchAttributeKey('RedemptionReference', 'KEYWORD'),
  store: defineSearchAttributeKey('RedemptionStore', 'KEYWORD'),
  /** A keyed hash of the member as the till spelled it. */
  member: defineSearchAttributeKey('RedemptionMember', 'KEYWORD'),
  /** When the sale ought to be over at the latest, all going well. */
  deadline: defineSearchAttributeKey('RedemptionDeadline', 'DATETIME'),
} as const;

/**
 * Given at the start, and what a sale keeps while all goes well: each change would cost an event of history. Which of
 * these steps a sale has come to is told by the run itself.
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
