/** An operator acts here on a sale that needs attention. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { SaleId } from '../domain/sale-id.ts';
import { keyOf } from './access.ts';
import { answerInTime } from './answer-in-time.ts';
import { answersToKeys, problemAnswers, secured } from './openapi.ts';
import { assertMayAccess, type RedemptionAccess } from './redemption-access.ts';
import { actedSchema, redemptionParams, resolveSchema, retrySchema } from './schemas.ts';

/** Longer than the client waits for the worker, which may look a reference up at the provider. */
const ANSWER_MS = 70_000;

const common = {
  tags: ['operators'],
  security: secured,
  params: redemptionParams,
  response: {
    202: {
      description: 'Recorded. Get the redemption to see what became of it.',
      content: { 'application/json': { schema: actedSchema } },
    },
    ...problemAnswers([
      ...answersToKeys.withBody,
      'unknown-redemption',
      'ended-by-force',
      'refused',
      'invalid-request',
    ]),
  },
};
const config = { scopes: ['operate' as const] };

export function actRoutes(app: FastifyInstance, access: RedemptionAccess): void {
  const { redemptions } = access;

  async function act(verb: string, request: Asked, send: (sale: SaleId) => Promise<void>) {
    const key = keyOf(request);
    const { program, redemptionId } = request.params;
    const sale = { program, redemptionId };
    await assertMayAccess(access, key, sale);
    await answerInTime(ANSWER_MS, send(sale));
    request.log.warn({ ...sale, key: key.id, act: verb }, 'an operator acted');
    return sale;
  }

  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.post(
    '/v1/redemptions/:program/:redemptionId/retry',
    {
      config,
      schema: {
        ...common,
        operationId: 'retry',
        summary: 'Have the step that waits tried again',
        description: 'For a redemption that needs attention. Scope `operate`.',
        body: retrySchema,
      },
    },
    async (request, reply) => {
      const send = (sale: SaleId) => redemptions.retry(sale, request.body);
      return reply.code(202).send(await act('retry', request, send));
    },
  );
  typed.post(
    '/v1/redemptions/:program/:redemptionId/resolve',
    {
      config,
      schema: {
        ...common,
        operationId: 'resolve',
        summary: 'Decide what becomes of the redemption',
        description: 'For a redemption that needs attention. Scope `operate`.',
        body: resolveSchema,
      },
    },
    async (request, reply) => {
      const { resolution } = request.body;
      const send = (sale: SaleId) => redemptions.resolve(sale, request.body);
      return reply.code(202).send(await act(resolution, request, send));
    },
  );
}

type Asked = Pick<FastifyRequest, 'accessKey' | 'log'> & { readonly params: SaleId };
