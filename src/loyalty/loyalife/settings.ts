import { z } from 'zod';
import { positiveDecimalSchema, textSchema } from '../../schemas/settings.ts';
import { programShape } from '../settings.ts';

export const loyalifeSettings = z
  .strictObject({
    ...programShape,
    provider: z.literal('loyalife'),
    clientId: textSchema,
    clientSecret: textSchema,
    programId: z.int(),
    merchantName: textSchema,
    /** Puts a short reference of the redemption into MerchantName, so that the history can be matched exactly. */
    merchantReference: z.boolean().default(true),
    transactionTypes: z.array(z.int()).min(1).default([4, 5, 6, 19, 30]),
    transactionType: z.int(),
    rate: z.strictObject(
      { value: positiveDecimalSchema },
      { error: 'must be {"value": "0.25"}: Loyalife has no call that returns it' },
    ),
  })
  .refine(({ transactionTypes, transactionType }) => transactionTypes.includes(transactionType), {
    path: ['transactionType'],
    error: 'must be one of transactionTypes',
  });

export type LoyalifeSettings = z.infer<typeof loyalifeSettings>;
