/** Which sale is meant. An id is unique within its program. */
export interface SaleId {
  readonly program: string;
  readonly redemptionId: string;
}
