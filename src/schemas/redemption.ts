/**
 * What a till asks for, and what a payment system reports. The schemas are the one source of validation and types. Workflow
 * code imports the types only.
 */
import { z } from 'zod';

/** The id of a redemption, program, store or till. It travels in workflow ids and URLs, so only safe characters are allowed. */
export const idSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -')
  // In a URL they would lead to another resource.
  .refine((id) => id !== '.' && id !== '..', 'must not be . or ..');

/** The longest spelling of a member is the longest that a provider takes (White Label Loyalty: `subject`, 1 to 128). */
export const memberSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(128, 'must be at most 128 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be readable characters');

/** Far above any sale, and far below the limits of a float or of a provider's 32-bit integer. */
export const MAX_POINTS = 1_000_000_000;

const pointsSchema = z
  .int('must be a whole number of points')
  .min(1, 'must be at least 1')
  .max(MAX_POINTS, `must be at most ${MAX_POINTS}`);

/** Money as it comes in and goes out: a decimal string with its ISO 4217 currency. */
export const moneySchema = z.strictObject({
  amount: z.string().regex(/^\d{1,13}(\.\d{1,4})?$/, 'must be a decimal such as 5.00'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter currency code such as GBP'),
});
export type Money = z.infer<typeof moneySchema>;

const timeSchema = z.iso.datetime({
  offset: true,
  error: 'must be an ISO 8601 time with its zone',
});

const SECOND = 1_000;
const DAY = 86_400_000;

/** How long the points may wait for the payment. */
export const PAYMENT_DEADLINE_MS = { least: SECOND, most: 30 * DAY } as const;

/** The fields that a redemption and a quote share. */
export const askShape = {
  program: idSchema,
  member: memberSchema,
  points: pointsSchema.optional(),
  amount: moneySchema.optional(),
};

export function hasOneAsk(ask: { points?: number | undefined; amount?: unknown }): boolean {
  return (ask.points === undefined) !== (ask.amount === undefined);
}
export const ONE_ASK = { path: ['points'], error: 'must be given, or amount, and not both' };

/** A sale, and the points or amount asked for it. `saleTime` is when the sale was made (default: now). */
export const saleShape = {
  ...askShape,
  redemptionId: idSchema,
  basket: moneySchema,
  store: idSchema,
  till: idSchema,
  cashier: idSchema.optional(),
  saleTime: timeSchema.optional(),
};

/**
 * A till's request. It has exactly one of `points` and `amount`. `basket` is the value of the sale before the discount.
 */
export const redemptionRequestSchema = z
  .strictObject({
    ...saleShape,
    deductByMs: z
      .int()
      .min(SECOND, 'must be from 1 s to 10 min')
      .max(600 * SECOND, 'must be from 1 s to 10 min')
      .optional(),
    paymentDeadlineMs: z
      .int()
      .min(PAYMENT_DEADLINE_MS.least, 'must be from 1 s to 30 days')
      .max(PAYMENT_DEADLINE_MS.most, 'must be from 1 s to 30 days')
      .optional(),
  })
  .refine(hasOneAsk, ONE_ASK);
export type RedemptionRequest = z.infer<typeof redemptionRequestSchema>;

/** A report of a payment system, or of the POS for its own void. It is the payload of both signals. */
export const paymentEventSchema = z.object({
  eventId: z.string().min(1, 'must not be empty').max(128, 'must be at most 128 characters'),
  paymentId: z.string().min(1).max(128).optional(),
  occurredAt: timeSchema.optional(),
  amount: moneySchema.optional(),
  reason: z.string().max(200).optional(),
});
export type PaymentEvent = z.infer<typeof paymentEventSchema>;
