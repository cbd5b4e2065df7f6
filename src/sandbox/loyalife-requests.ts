/** Checks a request as Loyalife does, before it is carried out. Every breach of the contract is counted. */
import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { travelMiles } from '../programs/sandbox.ts';
import { codes, failure } from './loyalife-envelope.ts';
import { ContractViolation } from './service.ts';

export const tokenSchema = z.strictObject({
  grant_type: z.literal('client_credentials', { error: 'must be client_credentials' }),
  client_id: z.string(),
  client_secret: z.string(),
  scope: z.string().optional(),
});

const member = {
  RelationReference: z.string().min(1, 'must not be empty'),
  ProgramId: z.literal(travelMiles.programId, { error: 'must be the id of the program' }),
};
const relation = {
  ...member,
  TransactionCurrency: z.literal('DEFAULT', { error: 'must be DEFAULT' }),
  RelationType: z.literal(4, { error: 'must be 4' }),
};
const merchantName = z.string().trim().min(1, 'must not be empty');
const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?$/, 'must be an ISO 8601 time without a zone')
  .refine((text) => !Number.isNaN(Date.parse(`${text}Z`)), 'must be a time that exists');

export const availabilitySchema = z.strictObject(relation);
export type Availability = z.infer<typeof availabilitySchema>;

/** All fields are required. `Amount` is in the currency's major unit. */
export const redemptionSchema = z
  .strictObject({
    ...relation,
    MerchantName: merchantName,
    Points: z.int().min(1, 'must be above zero'),
    Amount: z.number().positive('must be above zero'),
    LoyaltyTxnType: z
      .number()
      .refine(
        (type) => travelMiles.transactionTypes.some((accepted) => accepted === type),
        `must be one of ${travelMiles.transactionTypes.join(', ')}`,
      ),
  })
  .refine(
    ({ Amount, Points }) =>
      new Decimal(Amount).lte(new Decimal(travelMiles.rate.value).mul(Points)),
    { path: ['Amount'], error: 'must be covered by Points: there is no partial redemption' },
  );
export type Redemption = z.infer<typeof redemptionSchema>;

export const reversalSchema = z.strictObject({
  ...member,
  MerchantName: merchantName,
  ExternalReference: z.string().min(1, 'must not be empty'),
});
export type Reversal = z.infer<typeof reversalSchema>;

/** `MinimumRange` is the first row (0-based) and `MaximumRange` the row after the last. */
export const historySchema = z
  .strictObject({
    ...relation,
    DateFrom: localTime,
    DateTo: localTime,
    MinimumRange: z.int().min(0),
    MaximumRange: z.int().min(1),
  })
  .refine(({ MinimumRange, MaximumRange }) => MinimumRange < MaximumRange, {
    path: ['MaximumRange'],
    error: 'must be above MinimumRange',
  })
  .refine(({ DateFrom, DateTo }) => Date.parse(`${DateFrom}Z`) <= Date.parse(`${DateTo}Z`), {
    path: ['DateTo'],
    error: 'must not be before DateFrom',
  });
export type HistoryQuery = z.infer<typeof historySchema>;

/** Lets the first fault decide the code, because the merchant's name and the points have codes of their own. */
export function badRequest(why: string, error?: z.ZodError): ContractViolation {
  const issue = error?.issues[0];
  const field = issue?.path[0];
  if (field === 'MerchantName')
    return new ContractViolation(failure(codes.merchantNameMissing, why), why);
  if (field === 'Points' && issue?.code === 'too_small')
    return new ContractViolation(failure(codes.pointsNotAboveZero, why), why);
  return new ContractViolation(failure(codes.badRequest, why), why);
}
