/** The schemas of the HTTP API, built out of src/schemas/redemption.ts: the one source of validation, types and OpenAPI. */
import { z } from 'zod';
import { quoteRequestSchema, type QuoteAnswer } from '../client/quote.ts';
import { actKinds, resolutionKinds } from '../domain/acts.ts';
import { noOfferReasons } from '../domain/quote.ts';
import type { RedemptionView } from '../domain/redemption-view.ts';
import { reasons, statuses } from '../domain/statuses.ts';
import { durationSchema } from '../schemas/duration.ts';
import {
  hasOneAsk,
  idSchema,
  moneySchema,
  ONE_ASK,
  PAYMENT_DEADLINE_MS,
  paymentEventSchema,
  saleShape,
} from '../schemas/redemption.ts';

const money = moneySchema.meta({
  id: 'Money',
  description: 'A decimal string and its ISO 4217 currency.',
  examples: [{ amount: '20.00', currency: 'GBP' }],
});
const named = {
  program: idSchema.meta({ description: 'The loyalty program.', examples: ['coffee-club'] }),
  redemptionId: idSchema.meta({
    description: 'Made by the POS: a new one for each sale, never reused.',
    examples: ['S12-T3-000417'],
  }),
  member: saleShape.member.meta({
    description:
      'An id of the member that the provider knows. Send it in a body only, never in a URL.',
    examples: ['member-1'],
    // The same rule without Unicode classes, which few languages know.
    pattern: String.raw`^[^\x00-\x1F\x7F-\x9F]*$`,
  }),
  points: saleShape.points.meta({
    description: 'How many points to redeem. Give either this or `amount`.',
    examples: [500],
  }),
  amount: money.optional().meta({
    description: 'How much of the sale to pay with points. Give either this or `points`.',
  }),
};

/** The document needs this, because a refinement does not show in it. */
const oneAsk = { oneOf: [{ required: ['points'] }, { required: ['amount'] }] };

export const newQuoteSchema = z
  .strictObject({
    ...quoteRequestSchema.shape,
    program: named.program,
    member: named.member,
    points: named.points,
    amount: named.amount,
    basket: money.optional().meta({ description: 'The value of the sale before the discount.' }),
  })
  .refine(hasOneAsk, ONE_ASK)
  .meta({
    id: 'NewQuote',
    description: 'Give exactly one of `points` and `amount`.',
    ...oneAsk,
    examples: [{ program: 'coffee-club', member: 'member-1', points: 500 }],
  });

export const newRedemptionSchema = z
  .strictObject({
    ...saleShape,
    ...named,
    basket: money.meta({ description: 'The value of the sale before the discount.' }),
    saleTime: saleShape.saleTime.meta({ description: 'When the sale was made. Default: now.' }),
    paymentDeadline: durationSchema
      .refine(
        (ms) => ms >= PAYMENT_DEADLINE_MS.least && ms <= PAYMENT_DEADLINE_MS.most,
        'must be from 1s to 30d',
      )
      .optional()
      .meta({
        description:
          'How long to wait for the payment before the points go back: 1s to 30d, such as `15m`. Default: the setting of the program.',
        examples: ['15m'],
      }),
  })
  .refine(hasOneAsk, ONE_ASK)
  .meta({
    id: 'NewRedemption',
    description: 'Give exactly one of `points` and `amount`.',
    ...oneAsk,
    examples: [
      {
        program: 'coffee-club',
        redemptionId: 'S12-T3-000417',
        member: 'member-1',
        points: 500,
        basket: { amount: '20.00', currency: 'GBP' },
        store: 'S12',
        till: 'T3',
      },
    ],
  });

export const paymentReportSchema = z
  .strictObject({
    ...paymentEventSchema.shape,
    eventId: paymentEventSchema.shape.eventId.optional().meta({
      description:
        'Identifies the event, so that a repeated report changes nothing. Default: a new id.',
    }),
    paymentId: paymentEventSchema.shape.paymentId.meta({
      description: 'The payment. Without it, the report is about the whole sale.',
    }),
    amount: money.optional().meta({
      description:
        'The amount that was captured; in a void, the amount that was refunded. A refund of less than was captured is recorded and voids nothing.',
    }),
    reason: paymentEventSchema.shape.reason.meta({
      description: 'The reason, without personal data.',
    }),
  })
  .meta({
    id: 'PaymentReport',
    description: 'Every field is optional.',
    examples: [{ eventId: 'evt-1', paymentId: 'pay-1' }],
  });

export const redemptionParams = z.object({
  program: named.program,
  redemptionId: named.redemptionId,
});

const reason = z.enum(reasons).meta({ id: 'Reason' });

/** Demands a schema for each field, so that a field that is added or removed elsewhere is a type error here. */
type ShapeOf<Answer> = {
  readonly [Field in keyof Answer]-?: z.ZodType<Answer[Field] | undefined>;
};

/** Only the answer about one redemption has these fields. (`field` never shows, because it makes the answer a problem.) */
type Told = 'store' | 'timeline' | 'acts';

const redemptionShape = {
  program: idSchema,
  redemptionId: idSchema,
  status: z.enum(statuses).meta({ id: 'Status' }),
  reason: reason.optional().meta({ description: 'Why the redemption has this status.' }),
  granted: z.boolean().meta({ description: 'Whether the till may give the discount now.' }),
  points: z.int().min(0),
  discount: money,
  providerReference: z
    .string()
    .optional()
    .meta({ description: 'The reference of the deduction at the provider.' }),
  message: z
    .string()
    .optional()
    .meta({ description: 'The reason in a sentence that a cashier can read.' }),
} satisfies ShapeOf<Omit<RedemptionView, Told | 'field'>>;

export const redemptionSchema = z.object(redemptionShape).meta({ id: 'Redemption' });

const detail = z.string().optional().meta({
  description:
    'The reason in the words of the provider, or the next step. Sent only to keys with the scope `operate`.',
});

/** The answer to a till. */
export const redemptionAnswerSchema = z
  .object({
    outcome: z.enum(['granted', 'not-granted']).meta({
      description: 'What to do: give the discount, or not. A problem has `problem` here.',
    }),
    ...redemptionShape,
    detail,
  })
  .meta({ id: 'RedemptionAnswer' });

const toldShape = {
  store: idSchema,
  timeline: z
    .array(z.object({ at: z.iso.datetime(), what: z.string() }))
    .readonly()
    .meta({ description: 'What happened, in words, oldest first.' }),
  acts: z.array(z.enum(actKinds)).readonly().optional().meta({
    description: 'What an operator may do now. Sent only to keys with the scope `operate`.',
  }),
} satisfies ShapeOf<Pick<RedemptionView, Told>>;

export const redemptionStorySchema = z
  .object({ ...redemptionShape, detail, ...toldShape })
  .meta({ id: 'RedemptionStory' });

const quoteShape = {
  program: idSchema,
  redeemable: z.boolean().meta({
    description:
      'Whether the points could be redeemed now. If not, `reason` and `message` say why.',
  }),
  reason: z.enum(noOfferReasons).optional(),
  message: z.string().optional(),
  balance: z.int().optional().meta({
    description:
      'How many points the member has. Present only when `redeemable` is true, and only for keys with the scope `balance`.',
  }),
  points: z.int().optional(),
  discount: money.optional(),
} satisfies ShapeOf<QuoteAnswer>;

export const quoteSchema = z.object({ ...quoteShape, detail }).meta({ id: 'Quote' });

export const recordedSchema = z
  .object({ program: idSchema, redemptionId: idSchema, eventId: z.string() })
  .meta({ id: 'RecordedPayment' });

/** Who acts, and why. Their limits are the client's. */
const actShape = {
  by: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'Who does this.', examples: ['Ada'] }),
  why: z.string().min(1).max(200).meta({ description: 'Why, without personal data.' }),
};
export const retrySchema = z.strictObject(actShape).meta({ id: 'Retry' });
export const resolveSchema = z
  .strictObject({
    ...actShape,
    resolution: z
      .enum(resolutionKinds, { error: `must be one of ${resolutionKinds.join(', ')}` })
      .meta({ description: 'One of the `acts` of the redemption.' }),
    reference: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'The reference of the deduction at the provider, for `adopt`.' }),
  })
  .meta({ id: 'Resolve' });
export const actedSchema = z
  .object({ program: idSchema, redemptionId: idSchema })
  .meta({ id: 'RecordedAct' });

const problemShape = {
  type: z.string().meta({
    description:
      '`urn:points-redemption:problem:` and the kind of problem. A kind never changes its meaning.',
    examples: ['urn:points-redemption:problem:conflict'],
  }),
  title: z.string(),
  status: z.int(),
  outcome: z
    .literal('problem')
    .meta({ description: 'Tells a problem from a redemption by the body alone.' }),
  remedy: z.string().meta({ description: 'What to do.' }),
  detail: z.string().optional().meta({ description: 'What was wrong with this request.' }),
  field: z
    .string()
    .optional()
    .meta({ description: 'The field, parameter or header that was wrong.' }),
};

export const problemSchema = z
  .object(problemShape)
  .meta({ id: 'Problem', description: 'RFC 9457.' });

export const redemptionProblemSchema = z
  .object({
    ...problemShape,
    redemption: redemptionSchema
      .optional()
      .meta({ description: 'The redemption as it is now. Present in `given-back`.' }),
  })
  .meta({ id: 'RedemptionProblem', description: 'RFC 9457.' });
