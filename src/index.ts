/** The package. A POS backend redeems points with it, and a payment system's listener reports payments. */
export type { RedeemOptions, RedemptionAnswer } from './client/answer.ts';
export type { RetriedAll } from './client/operator-actions.ts';
export type { QuoteAnswer, QuoteRequest } from './client/quote.ts';
export { RedemptionClient } from './client/redemption-client.ts';
export type { ListedRedemption, ListFilter } from './client/redemption-list.ts';
export type { Act, Resolution } from './domain/acts.ts';
export { RedemptionError, type ErrorCode } from './domain/errors.ts';
export type { RedemptionView, TimelineEntry } from './domain/redemption-view.ts';
export type { SaleId } from './domain/sale-id.ts';
export type { Reason, Status } from './domain/statuses.ts';
export { encryption } from './encryption/data-converter.ts';
export { readPrograms, sandboxPrograms, type Program, type Programs } from './programs/programs.ts';
export type { Money, PaymentEvent, RedemptionRequest } from './schemas/redemption.ts';
