/** Makes the OpenAPI 3.1 document out of the schemas of the routes, and its readable page. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { finishDocument } from './openapi-document.ts';
import { kinds, PROBLEM_TYPE, statusOf, type ProblemKind } from './problems.ts';
import { problemSchema } from './schemas.ts';

/** Describes problems in the form of a route's own answers. Each status lists every problem that it may mean. */
export function problemAnswers(
  possible: readonly ProblemKind[],
  schema: z.ZodType = problemSchema,
): Record<number, { description: string; content: Record<string, { schema: z.ZodType }> }> {
  const statuses = [...new Set(possible.map(statusOf))];
  return Object.fromEntries(
    statuses.map((status) => {
      const meant = possible.filter((kind) => statusOf(kind) === status);
      return [
        status,
        {
          description: meant.map((kind) => `\`${kind}\`: ${kinds[kind].title}`).join('\n\n'),
          content: { [PROBLEM_TYPE]: { schema } },
        },
      ];
    }),
  );
}

/** The problems that every route with an access key can answer besides its own. */
const withoutBody: readonly ProblemKind[] = [
  'malformed-request',
  'unauthorized',
  'forbidden',
  'too-many-requests',
  'headers-too-large',
  'internal',
  'overloaded',
  'unavailable',
];
export const answersToKeys = {
  withoutBody,
  withBody: [...withoutBody, 'request-timeout', 'too-large', 'unsupported-media-type'],
} as const;
export const secured = [{ accessKey: [] }];

const info = {
  title: 'points-redemption',
  version: '1',
  description: [
    'Redeems loyalty points at the till. Every request is safe to repeat.',
    'Every answer has an `x-request-id`: the one that you sent, if it is 1 to 64 characters of `A-Z a-z 0-9 . _ -`, otherwise a new one.',
    'Every problem is `application/problem+json` (RFC 9457) with a stable `type`, and says what to do.',
  ].join('\n\n'),
};

export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info,
      tags: [
        { name: 'redemptions', description: 'For tills.' },
        { name: 'payments', description: 'Payment reports from the POS.' },
        { name: 'payment events', description: 'Webhooks from payment systems.' },
        {
          name: 'operators',
          description: 'For operators: what a sale that needs attention waits for.',
        },
        { name: 'health', description: 'Probes for the operators of the gateway.' },
      ],
      components: { securitySchemes: { accessKey: { type: 'http', scheme: 'bearer' } } },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => finishDocument(jsonSchemaTransformObject(document)),
  });
}

/** Must be called after the routes that it describes. */
export async function showDocument(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { url: '/openapi.json' },
    staticCSP: {
      'default-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'style-src': ["'self'", "'unsafe-inline'"],
      'frame-ancestors': ["'none'"],
    },
  });
}
