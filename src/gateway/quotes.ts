import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RedemptionClient } from '../client/redemption-client.ts';
import { keyOf, mayUseProgram } from './access.ts';
import { answerInTime } from './answer-in-time.ts';
import { answersToKeys, problemAnswers, secured } from './openapi.ts';
import { Problem } from './problems.ts';
import { newQuoteSchema, quoteSchema } from './schemas.ts';

/** Leaves time for three requests to a provider: for a token, the rate and the balance. */
const ANSWER_MS = 30_000;

export function quoteRoutes(
  app: FastifyInstance,
  redemptions: Pick<RedemptionClient, 'quote'>,
): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/quotes',
    {
      config: { scopes: ['quote'] },
      schema: {
        tags: ['redemptions'],
        operationId: 'quote',
        summary: 'Quote what points are worth, and whether the member has them',
        description: 'Takes no points and stores nothing. Scope `quote`.',
        security: secured,
        body: newQuoteSchema,
        response: {
          200: {
            description: 'The quote.',
            content: { 'application/json': { schema: quoteSchema } },
          },
          ...problemAnswers([...answersToKeys.withBody, 'invalid-request']),
        },
      },
    },
    async (request, reply) => {
      if (!mayUseProgram(keyOf(request), request.body.program)) throw new Problem('forbidden');
      return reply.send(await answerInTime(ANSWER_MS, redemptions.quote(request.body)));
    },
  );
}
