/** The schemas of the HTTP API, built out of src/schemas/redemption.ts: the one source of validation, types and OpenAPI. */
import { z } from 'zod';
import { quoteRequestSchema, type QuoteAnswer } from '../client/quote.ts';
import { actKinds } from '../domain/acts.ts';
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
  description: 'A decimal string beside its ISO 4217 currency.',
  examples: [{ amount: '20.00', currency: 'GBP' }],
});
const named = {
  program: idSchema.meta({ description: 'The loyalty program.', examples: ['coffee-club'] }),
  redemptionId: idSchema.meta({
    description: 'Made by the POS, one for each sale, and never reused.',
    examples: ['S12-T3-000417'],
  }),
  member: saleShape.member.meta({
    description: 'The member as the provider knows them: only ever in a body, never in a URL.',
    examples: ['member-1'],
    // The same rule without Unicode classes, which few languages know.
    pattern: String.raw`^[^\x00-\x1F\x7F-\x9F]*$`,
  }),
  points: saleShape.points.meta({ description: 'How many points; or `amount`.', examples: [500] }),
  amount: money
    .optional()
    .meta({ description: 'How much of the sale is to be paid with points; or `points`.' }),
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
    description: 'Exactly one of `points` and `amount`.',
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
          'How long the points wait for the payment before they go back, such as `15m`: 1s to 30d. Default: the program’s.',
        examples: ['15m'],
      }),
  })
  .refine(hasOneAsk, ONE_ASK)
  .meta({
    id: 'NewRedemption',
    description: 'Exactly one of `points` and `amount`.',
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
    eventId: paymentEventSchema.shape.eventId
      .optional()
      .meta({ description: 'By it a repetition is recognised. Default: a new one.' }),
    paymentId: paymentEventSchema.shape.paymentId.meta({
      description: 'The payment; without one the whole sale is meant.',
    }),
    amount: money.optional().meta({
      description:
        'What was captured; of a void, what was given back: less than was captured is recorded, and is no void.',
    }),
    reason: paymentEventSchema.shape.reason.meta({ description: 'Why; nothing personal.' }),
  })
  .meta({
    id: 'PaymentReport',
    description: 'Nothing in it is required.',
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
  reason: reason.optional().meta({ description: 'Why it stands there.' }),
  granted: z.boolean().meta({ description: 'Whether the till may give the discount now.' }),
  points: z.int().min(0),
  discount: money,
  providerReference: z.string().optional().meta({ description: 'The deduction at the provider.' }),
  message: z.string().optional().meta({ description: 'The reason in words.' }),
} satisfies ShapeOf<Omit<RedemptionView, Told | 'field'>>;

/** The redemption as `starter --json` shows it, with the reason in words. */
export const redemptionSchema = z.object(redemptionShape).meta({ id: 'Redemption' });

const toldShape = {
  store: idSchema,
  timeline: z
    .array(z.object({ at: z.iso.datetime(), what: z.string() }))
    .readonly()
    .meta({ description: 'What happened, in words, oldest first.' }),
  acts: z
    .array(z.enum(actKinds))
    .readonly()
    .optional()
    .meta({ description: 'What an operator may do; told to keys with the scope `operate`.' }),
} satisfies ShapeOf<Pick<RedemptionView, Told>>;

export const redemptionStorySchema = z
  .object({ ...redemptionShape, ...toldShape })
  .meta({ id: 'RedemptionStory' });

const quoteShape = {
  program: idSchema,
  redeemable: z
    .boolean()
    .meta({ description: 'Whether it could be redeemed now; else `reason` and `message`.' }),
  reason: z.enum(noOfferReasons).optional(),
  message: z.string().optional(),
  balance: z.int().optional().meta({
    description: 'The points that the member has; absent where they are not what speaks against.',
  }),
  points: z.int().optional(),
  discount: money.optional(),
} satisfies ShapeOf<QuoteAnswer>;

export const quoteSchema = z.object(quoteShape).meta({ id: 'Quote' });

export const recordedSchema = z
  .object({ program: idSchema, redemptionId: idSchema, eventId: z.string() })
  .meta({ id: 'RecordedPayment' });

const problemShape = {
  type: z.string().meta({
    description: 'Stable: `urn:points-redemption:problem:` and the kind.',
    examples: ['urn:points-redemption:problem:conflict'],
  }),
  title: z.string(),
  status: z.int(),
  remedy: z.string().meta({ description: 'What to do about it.' }),
  detail: z.string().optional().meta({ description: 'What is wrong this time.' }),
  field: z.string().optional().meta({ description: 'The field, parameter or header.' }),
};

export const problemSchema = z
  .object(problemShape)
  .meta({ id: 'Problem', description: 'RFC 9457.' });

export const redemptionProblemSchema = z
  .object({
    ...problemShape,
    redemption: redemptionSchema
      .optional()
      .meta({ description: 'As it stands now, with `given-back`.' }),
  })
  .meta({ id: 'RedemptionProblem', description: 'RFC 9457.' });
