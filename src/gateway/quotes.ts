import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { RedemptionClient } from '../client/redemption-client.ts';
import { keyOf, mayUseProgram } from './access.ts';
import { answerInTime } from './answer-in-time.ts';
import type { MemberGuard } from './member-guard.ts';
import { answersToKeys, problemAnswers, secured } from './openapi.ts';
import { Problem } from './problems.ts';
import { newQuoteSchema, quoteSchema } from './schemas.ts';
import { explained } from './till-words.ts';

/** Leaves time for three requests to a provider: for a token, the rate and the balance. */
const ANSWER_MS = 30_000;

export function quoteRoutes(
  app: FastifyInstance,
  redemptions: Pick<RedemptionClient, 'quote'>,
  guard: MemberGuard,
): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/quotes',
    {
      config: { scopes: ['quote'] },
      schema: {
        tags: ['redemptions'],
        operationId: 'quote',
        summary: 'Quote what points are worth, and whether the member has them',
        description:
          'Takes no points and stores nothing. Scope `quote`; `balance` is shown to keys that also have the scope `balance`.',
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
      const key = keyOf(request);
      const { program, member } = request.body;
      if (!mayUseProgram(key, program)) throw new Problem('forbidden');
      await guard.admit(key, program, member);
      const quoted = await answerInTime(ANSWER_MS, redemptions.quote(request.body));
      await guard.learn(key, program, member, quoted.reason === 'member-unknown');
      const { balance, ...answer } = explained(quoted, key);
      const shown = key.scopes.includes('balance') && balance !== undefined ? { balance } : {};
      return reply.send({ ...answer, ...shown });
    },
  );
}
