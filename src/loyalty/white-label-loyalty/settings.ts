import { z } from 'zod';
import { positiveDecimalSchema, textSchema } from '../../schemas/settings.ts';
import { programShape } from '../settings.ts';

const eventType = z
  .string()
  .max(64)
  .regex(/^[A-Z]+(_[A-Z]+)*$/, 'must be capitals and single underscores, such as REDEEMED_POINTS');

export const whiteLabelLoyaltySettings = z.strictObject({
  ...programShape,
  provider: z.literal('white-label-loyalty'),
  apiKey: textSchema,
  deduction: z.strictObject({ eventType, secret: textSchema }),
  restoration: z.strictObject({ eventType, secret: textSchema }),
  /** A JSON pointer (RFC 6901) to the points in the wallet's answer, after unwrapping. */
  walletPointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer such as /points')
    .default('/points'),
  rate: z.union(
    [
      z.strictObject({
        setting: z.string().regex(/^(?!\.\.$)[a-zA-Z./]{2,64}$/, 'must be the name of a setting'),
      }),
      z.strictObject({ value: positiveDecimalSchema }),
    ],
    { error: 'must be {"setting": NAME} or {"value": "0.01"}' },
  ),
});

export type WhiteLabelLoyaltySettings = z.infer<typeof whiteLabelLoyaltySettings>;
