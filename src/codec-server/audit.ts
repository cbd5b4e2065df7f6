/** One line in the log for each request: who read what, and never its content. */
import type { Payload } from '@temporalio/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

/** More runs than a page of Temporal UI shows. */
const MOST_WORKFLOWS = 100;

export interface Asked {
  readonly payloads: number;
  /** How many of them are encrypted. */
  readonly encrypted: number;
  /** The runs that the payloads say they are bound to. */
  readonly workflows: readonly string[];
}

declare module 'fastify' {
  interface FastifyRequest {
    asked: Asked | null;
  }
}

export function logRequests(app: FastifyInstance, log: Logger): void {
  app.decorateRequest('asked', null);
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    log.info(
      {
        call: request.routeOptions.url,
        status: statusCode,
        ms: Math.round(elapsedTime),
        address: request.ip,
        // A stranger may name any namespace.
        ...(request.reader !== null && {
          reader: request.reader,
          namespace: namespaceOf(request),
          ...request.asked,
        }),
      },
      'answered',
    );
  });
}

/** Of the encrypted ones, whether they came or go: only these can be bound. */
export function asked(payloads: readonly Payload[]): Asked {
  const encrypted = payloads.filter(
    (payload) => textOf(payload, 'encoding') === 'binary/encrypted',
  );
  const workflows = new Set(
    encrypted
      .map((payload) => textOf(payload, 'encryption-workflow-id'))
      .filter((id) => WORKFLOW_ID.test(id)),
  );
  return {
    payloads: payloads.length,
    encrypted: encrypted.length,
    workflows: [...workflows].slice(0, MOST_WORKFLOWS),
  };
}

/** As this project makes them. Whatever else somebody sends stays out of the log. */
const WORKFLOW_ID = /^[\w.:~-]{1,255}$/;

function namespaceOf({ params, headers }: FastifyRequest): string | undefined {
  const inPath =
    typeof params === 'object' && params !== null && 'namespace' in params
      ? params.namespace
      : undefined;
  const name = inPath ?? headers['x-namespace'];
  return typeof name === 'string' && /^[\w.-]{1,255}$/.test(name) ? name : undefined;
}

function textOf({ metadata }: Payload, name: string): string {
  const value = metadata?.[name];
  return value === undefined ? '' : Buffer.from(value).toString('utf8');
}
