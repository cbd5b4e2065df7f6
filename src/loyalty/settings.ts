/** The settings that every program has. Each provider adds its own. */
import { z } from 'zod';
import { serviceSettingsSchema } from '../http/service-settings.ts';
import { isCurrency } from '../money/money.ts';
import { durationSchema } from '../schemas/duration.ts';
import { idSchema } from '../schemas/redemption.ts';
import { urlSchema } from '../schemas/settings.ts';

export const programShape = {
  id: idSchema,
  currency: z.string().refine(isCurrency, 'must be an ISO 4217 currency code such as GBP'),
  baseUrl: urlSchema,
  payment: serviceSettingsSchema.default({ kind: 'none' }),
  fulfilment: serviceSettingsSchema.default({ kind: 'none' }),
  limits: z
    .strictObject({
      minPoints: z.int().min(1).optional(),
      stepPoints: z.int().min(1).optional(),
      maxPercentOfBasket: z.number().gt(0).max(100).optional(),
    })
    .default({}),
  /** The receiver of notifications, which are Standard Webhooks signed with `notifySecret`. */
  notifyUrl: urlSchema.optional(),
  notifySecret: z
    .string()
    .regex(
      /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/,
      'must be whsec_ and the base64 of 24 to 64 random bytes',
    )
    .optional(),
  /** The time from the deduction until the points go back if nothing was captured. */
  paymentDeadline: durationSchema.default(15 * 60_000),
  /** With `many`, the cancellation of one payment attempt is only recorded, because another may follow. */
  paymentAttempts: z.enum(['one', 'many']).default('one'),
  /** How long an unknown deduction is looked for before it counts as not found. */
  settlingTime: durationSchema.default(30_000),
  /** The pauses after which a deduction that was not found is looked for again. */
  lateWatch: z
    .array(durationSchema)
    .min(1)
    .default([60_000, 600_000, 3_600_000, 86_400_000, 604_800_000]),
};
