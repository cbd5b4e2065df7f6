/** Names a sale. A `redemptionId` is unique within its program. */
export interface SaleId {
  readonly program: string;
  readonly redemptionId: string;
}
