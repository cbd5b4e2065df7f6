/**
 * Temporal's remote codec protocol: https://docs.temporal.io/codec-server. It decodes for Temporal UI and the Temporal
 * command line, and encodes what they send. Whoever holds its token can read every payload.
 */
import proto from '@temporalio/proto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { DecryptionError, EncryptionCodec } from '../encryption/codec.ts';
import { sandboxKeyRing, type KeyRing } from '../encryption/key-ring.ts';
import { Sessions } from './session.ts';
import { noSignIn, signIn } from './sign-in.ts';

const { Payloads } = proto.temporal.api.common.v1;

/** Temporal answers with 4 MB at most; base64 makes a third more of it. */
const BODY_LIMIT = 8 * 1024 * 1024;

export interface CodecServerOptions {
  readonly keyRing: KeyRing;
  /** With none, which the sandbox's keys alone allow, the pages of the UI need not sign in. */
  readonly token: string | undefined;
  /** The one place whose pages may decode. */
  readonly uiOrigin: string;
  readonly log: Logger;
}

const bytes = z.base64().nullish();
const payload = z.looseObject({ metadata: z.record(z.string(), bytes).nullish(), data: bytes });
/** None at all is written as `{}`. */
const payloadsSchema = z.strictObject({ payloads: z.array(payload).default([]) });

export function createCodecServer(options: CodecServerOptions): FastifyInstance {
  const { keyRing, token, uiOrigin, log } = options;
  if (token === undefined && keyRing !== sandboxKeyRing)
    throw new Error('only the keys of the sandbox may be served without a token');
  const codec = new EncryptionCodec(keyRing);
  // Without a token, nobody has the one that is made up here.
  const secret = token ?? randomBytes(32).toString('base64url');
  const sessions = new Sessions(secret, uiOrigin.startsWith('https:'));
  const app = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });

  app.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    log.info({ call: request.routeOptions.url, status: statusCode, ms: elapsedTime }, 'answered');
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    refuse(error, reply, log),
  );
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not-found', message: 'There are POST /decode and /encode.' }),
  );

  app.get('/healthz', () => ({ status: 'ok' }));
  if (token === undefined) noSignIn(app);
  else signIn(app, token, sessions);
  const guard = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
    // Before a byte of the body is read.
    const denied = accessDenied(request, sessions, { uiOrigin, isOpen: token === undefined });
    if (denied === undefined) done();
    else void reply.code(denied.status).send({ error: denied.error, message: denied.message });
  };
  for (const direction of ['decode', 'encode'] as const)
    // With a namespace before it, as the Temporal command line can put one.
    for (const path of [`/${direction}`, `/:namespace/${direction}`]) {
      app.options(path, (request, reply) => preflight(request, reply, uiOrigin));
      app.post(path, { onRequest: [allowOrigin(uiOrigin), guard] }, async ({ body }) => {
        const payloads = payloadsFrom(body);
        return Payloads.create({ payloads: await codec[direction](payloads) }).toJSON();
      });
    }
  return app;
}

interface AccessDenied {
  readonly status: 401 | 403;
  readonly error: string;
  readonly message: string;
}

function accessDenied(
  { headers }: FastifyRequest,
  sessions: Sessions,
  { uiOrigin, isOpen }: { readonly uiOrigin: string; readonly isOpen: boolean },
): AccessDenied | undefined {
  const { origin, authorization, cookie } = headers;
  if (origin !== undefined && origin !== uiOrigin) return FOREIGN_ORIGIN;
  if (sessions.isBearer(authorization)) return undefined;
  // A cookie comes with whatever a browser sends, so it counts only from where the UI is.
  if (origin === uiOrigin && (isOpen || sessions.isOpen(cookie))) return undefined;
  return {
    status: 401,
    error: 'unauthorized',
    message: 'Sign in on the page of this server, or send its token as a bearer token.',
  };
}

const FOREIGN_ORIGIN: AccessDenied = {
  status: 403,
  error: 'foreign-origin',
  message: 'Only the pages of TEMPORAL_UI_ORIGIN may ask.',
};

function allowOrigin(uiOrigin: string) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    void reply.header('vary', 'Origin');
    if (request.headers.origin === uiOrigin)
      void reply.headers({
        'access-control-allow-origin': uiOrigin,
        'access-control-allow-credentials': 'true',
      });
    done();
  };
}

function preflight(request: FastifyRequest, reply: FastifyReply, uiOrigin: string): FastifyReply {
  if (request.headers.origin !== uiOrigin) return reply.code(403).send(FOREIGN_ORIGIN);
  return reply
    .code(204)
    .headers({
      vary: 'Origin',
      'access-control-allow-origin': uiOrigin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers':
        'authorization, authorization-extras, content-type, x-namespace',
      'access-control-max-age': '600',
    })
    .send();
}

class BadRequest extends Error {
  readonly statusCode = 400;
}

/** Protobuf's own JSON: bytes are base64. */
function payloadsFrom(body: unknown) {
  const parsed = payloadsSchema.safeParse(body);
  if (!parsed.success)
    throw new BadRequest('The body must be temporal.api.common.v1.Payloads as JSON.');
  return Payloads.fromObject(parsed.data).payloads;
}

/** What an error says of itself can hold what was sent, so only our own words are repeated. */
function refuse(
  error: Error & { statusCode?: number },
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  if (error instanceof DecryptionError)
    return reply.code(422).send({ error: 'unreadable', message: error.message });
  if (error instanceof BadRequest)
    return reply.code(400).send({ error: 'invalid-request', message: error.message });
  const status = error.statusCode ?? 500;
  if (status === 413)
    return reply
      .code(413)
      .send({ error: 'too-large', message: `The body must be at most ${BODY_LIMIT} bytes.` });
  if (status < 500)
    return reply.code(status).send({ error: 'invalid-request', message: 'The body must be JSON.' });
  log.error({ error: error.name, stack: error.stack?.split('\n').slice(1) }, 'a request failed');
  return reply
    .code(500)
    .send({ error: 'internal', message: 'Look into the log of the codec server.' });
}
