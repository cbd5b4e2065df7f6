import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemAnswers } from './openapi.ts';
import { Problem } from './problems.ts';

const schemaOf = (summary: string, description: string) => ({
  tags: ['health'],
  summary,
  response: {
    200: {
      description,
      content: { 'application/json': { schema: z.object({ status: z.literal('ok') }) } },
    },
    ...problemAnswers(['malformed-request', 'headers-too-large', 'unavailable']),
  },
});

/** `/healthz` is for whatever restarts the gateway, and `/readyz` for a load balancer. */
export function healthRoutes(app: FastifyInstance, isReady: () => Promise<boolean>): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  // A busy gateway stays healthy, because a restart would only lose what is under way.
  const config = { pressureHandler: () => undefined };
  typed.get(
    '/healthz',
    { config, schema: schemaOf('Check that the gateway is running', 'The gateway is running.') },
    () => ({ status: 'ok' as const }),
  );
  typed.get(
    '/readyz',
    {
      schema: schemaOf(
        'Check that the gateway can take redemptions',
        'The gateway can reach Temporal.',
      ),
    },
    async () => {
      if (!(await isReady())) throw new Problem('unavailable');
      return { status: 'ok' as const };
    },
  );
}
