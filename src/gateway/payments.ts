/** The POS reports here what became of a payment. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { keyOf } from './access.ts';
import { ANSWER_MS, answerInTime } from './answer-in-time.ts';
import { answersToKeys, problemAnswers, secured } from './openapi.ts';
import { assertMayAccess, type RedemptionAccess } from './redemption-access.ts';
import { paymentReportSchema, recordedSchema, redemptionParams } from './schemas.ts';

const reports = {
  capture: {
    summary: 'Report that the payment was captured',
    description: 'The points are spent. Safe to repeat. Scope `capture` or `payments`.',
  },
  void: {
    summary: 'Report that the sale, or its payment, was voided',
    description:
      'The points go back, even after the redemption was completed. Safe to repeat. Scope `void` or `payments`.',
  },
} as const;

export function paymentRoutes(app: FastifyInstance, access: RedemptionAccess): void {
  for (const verb of ['capture', 'void'] as const)
    app.withTypeProvider<ZodTypeProvider>().post(
      `/v1/redemptions/:program/:redemptionId/${verb}`,
      {
        config: { scopes: [verb, 'payments'] },
        schema: {
          tags: ['payments'],
          operationId: verb,
          ...reports[verb],
          security: secured,
          params: redemptionParams,
          body: paymentReportSchema,
          response: {
            202: {
              description: 'Recorded.',
              content: { 'application/json': { schema: recordedSchema } },
            },
            ...problemAnswers([
              ...answersToKeys.withBody,
              'unknown-redemption',
              'ended-by-force',
              'invalid-request',
            ]),
          },
        },
      },
      async (request, reply) => {
        const { params, body } = request;
        await assertMayAccess(access, keyOf(request), params);
        const { program, redemptionId } = params;
        const eventId = body.eventId ?? randomUUID();
        const told = access.redemptions[verb](params, { ...body, eventId });
        await answerInTime(ANSWER_MS, told);
        return reply.code(202).send({ program, redemptionId, eventId });
      },
    );
}
