/** What is answered instead of payloads. What an error says of itself can hold what was sent, so only our own words are used. */
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { DecryptionError } from '../encryption/codec.ts';
import { TooManyAttempts } from './attempts.ts';

/** Temporal answers with 4 MB at most; base64 makes a third more of it. */
export const BODY_LIMIT = 8 * 1024 * 1024;

const kinds = {
  'invalid-request': [400, 'The body must be temporal.api.common.v1.Payloads as JSON.'],
  unauthorized: [401, 'Sign in on the page of this server, or send a token as a bearer token.'],
  'foreign-origin': [
    403,
    'Only the pages of TEMPORAL_UI_ORIGIN may ask, and only the page of this server may sign in.',
  ],
  'not-found': [404, 'There are POST /decode and /encode.'],
  'too-large': [413, `The body must be at most ${BODY_LIMIT} bytes.`],
  internal: [500, 'Look into the log of the codec server.'],
} as const;

export class Refusal extends Error {
  readonly kind: keyof typeof kinds;

  constructor(kind: keyof typeof kinds) {
    super(kinds[kind][1]);
    this.kind = kind;
  }
}

export function refuse(
  error: Error & { statusCode?: number },
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  if (error instanceof Refusal) return send(reply, error.kind);
  if (error instanceof DecryptionError)
    return reply.code(422).send({ error: 'unreadable', message: error.message });
  if (error instanceof TooManyAttempts)
    return reply
      .code(429)
      .header('retry-after', error.seconds)
      .send({ error: 'too-many-attempts', message: error.message });
  const status = error.statusCode ?? 500;
  if (status === 413) return send(reply, 'too-large');
  if (status < 500)
    return reply.code(status).send({ error: 'invalid-request', message: 'The body must be JSON.' });
  log.error({ error: error.name, stack: error.stack?.split('\n').slice(1) }, 'a request failed');
  return send(reply, 'internal');
}

function send(reply: FastifyReply, kind: keyof typeof kinds): FastifyReply {
  const [status, message] = kinds[kind];
  return reply.code(status).send({ error: kind, message });
}
