/** What operators can find redemptions by. Search attributes pass no payload codec, so nothing personal is in them. */
import { defineSearchAttributeKey } from '@temporalio/common';

export const searchAttributes = {
  status: defineSearchAttributeKey('RedemptionStatus', 'KEYWORD'),
  reason: defineSearchAttributeKey('RedemptionReason', 'KEYWORD'),
  program: defineSearchAttributeKey('RedemptionProgram', 'KEYWORD'),
  /** The provider's, so that one deduction is never taken for another redemption's. */
  reference: defineSearchAttributeKey('RedemptionReference', 'KEYWORD'),
  store: defineSearchAttributeKey('RedemptionStore', 'KEYWORD'),
} as const;
