/** A till asks here for a redemption, and later for its status. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { keyOf, mayUseId, mayUseProgram, mayUseStore } from './access.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import type { MemberGuard } from './member-guard.ts';
import { answersToKeys, problemAnswers, secured } from './openapi.ts';
import { waitOf } from './prefer.ts';
import { Problem, PROBLEM_TYPE } from './problems.ts';
import { findSale, type RedemptionAccess } from './redemption-access.ts';
import {
  newRedemptionSchema,
  problemSchema,
  redemptionParams,
  redemptionProblemSchema,
  redemptionAnswerSchema,
  redemptionStorySchema,
} from './schemas.ts';
import { explained, timelineFor } from './till-words.ts';
import { whenOver } from './when-over.ts';

const DEDUCT_BY_MS = 5_000;

const headers = z.object({
  'idempotency-key': z.string().optional().meta({
    description: 'Optional. If you send it, it must equal the `redemptionId`.',
  }),
  prefer: z
    .string()
    .optional()
    .meta({
      description:
        '`wait=N`: the deadline of the deduction, 1 to 600 seconds (default 5). If the points are not deducted by then, the sale is over and the redemption is not granted.',
      examples: ['wait=5'],
    }),
});

const redemption = (description: string) => ({
  description,
  content: { 'application/json': { schema: redemptionAnswerSchema } },
});

export function redemptionRoutes(
  app: FastifyInstance,
  access: RedemptionAccess,
  limit: ConcurrencyLimit,
  guard: MemberGuard,
): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/redemptions',
    {
      config: { scopes: ['redeem'] },
      schema: {
        tags: ['redemptions'],
        operationId: 'redeem',
        summary: 'Redeem points for a sale',
        description:
          'Answers as soon as the points are deducted or refused, three seconds after the deadline at the latest. Repeat the request with the same content as often as you need: points are taken once. Scope `redeem`.',
        security: secured,
        headers,
        body: newRedemptionSchema,
        response: {
          ...problemAnswers(answersToKeys.withBody),
          ...problemAnswers(
            ['conflict', 'given-back', 'ended-by-force', 'refused'],
            redemptionProblemSchema,
          ),
          201: redemption('Granted: give the discount.'),
          200: redemption('A repeated request that is granted: give the discount.'),
          422: {
            description:
              'Not granted, and that is final: give no discount. With the `outcome` `not-granted`, the body is the redemption with its `reason`; with `problem`, it is the problem `invalid-request`.',
            content: {
              'application/json': { schema: redemptionAnswerSchema },
              [PROBLEM_TYPE]: { schema: problemSchema },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const { paymentDeadline: paymentDeadlineMs, ...sale } = request.body;
      const key = keyOf(request);
      const isAllowed =
        mayUseProgram(key, sale.program) &&
        mayUseStore(key, sale.store) &&
        mayUseId(key, sale.redemptionId);
      if (!isAllowed) throw new Problem('forbidden');
      refuseOtherKey(request.headers['idempotency-key'], sale.redemptionId);
      const waitMs = waitOf(request.headers.prefer);
      const deductByMs = waitMs ?? DEDUCT_BY_MS;

      await guard.admit(key, sale.program, sale.member);
      const place = limit.acquire(key.id, sale.store);
      // Also when the till hangs up: its redemption goes on without a place.
      whenOver(request, reply, place.leave);
      const asked = { ...sale, deductByMs, paymentDeadlineMs };
      const work = access.redemptions.redeem(asked, { requestId: request.id }).finally(place.done);
      // The client answers by its own deadline, three seconds after that of the deduction at the latest.
      const answered = await work;
      const isUnknown = answered.reason === 'member-unknown';
      if (isUnknown || answered.granted)
        await guard.learn(key, sale.program, sale.member, isUnknown);
      const outcome = answered.granted ? ('granted' as const) : ('not-granted' as const);
      const answer = { outcome, ...explained(answered, key) };

      if (waitMs !== undefined) reply.header('preference-applied', `wait=${waitMs / 1_000}`);
      reply.type('application/json');
      if (answer.granted)
        return reply
          .code(answer.repeated ? 200 : 201)
          .header('location', `/v1/redemptions/${sale.program}/${sale.redemptionId}`)
          .send(answer);
      if (answer.wasGranted) throw new Problem('given-back', { redemption: answer });
      return reply.code(422).send(answer);
    },
  );

  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/redemptions/:program/:redemptionId',
    {
      config: { scopes: ['read', 'operate'] },
      schema: {
        tags: ['redemptions'],
        operationId: 'getRedemption',
        summary: 'Get a redemption and its timeline',
        description: 'Includes its reversal, watch and case. Scope `read` or `operate`.',
        security: secured,
        params: redemptionParams,
        response: {
          200: {
            description: 'The redemption.',
            content: { 'application/json': { schema: redemptionStorySchema } },
          },
          ...problemAnswers([
            ...answersToKeys.withoutBody,
            'unknown-redemption',
            'ended-by-force',
            'invalid-request',
          ]),
        },
      },
    },
    async (request, reply) => {
      const key = keyOf(request);
      const { acts, ...told } = await findSale(access, key, request.params);
      const seen = { ...explained(told, key), timeline: timelineFor(told.timeline, key) };
      return reply.send(key.scopes.includes('operate') ? { ...seen, acts } : seen);
    },
  );
}

/** Accepts the key bare, or in quotes as the draft of that header says. */
function refuseOtherKey(idempotencyKey: string | undefined, redemptionId: string): void {
  if (idempotencyKey === undefined) return;
  if (idempotencyKey.replace(/^"(.*)"$/, '$1') === redemptionId) return;
  throw new Problem('invalid-request', {
    field: 'Idempotency-Key',
    detail: 'Idempotency-Key must equal the redemptionId in the body: correct it, or leave it out.',
  });
}
