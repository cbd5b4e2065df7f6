/**
 * Temporal's remote codec protocol: https://docs.temporal.io/codec-server. It decodes for Temporal UI and the Temporal
 * command line, and encodes what they send. Whoever has a token can read every payload.
 */
import helmet from '@fastify/helmet';
import proto from '@temporalio/proto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { EncryptionCodec } from '../encryption/codec.ts';
import { sandboxKeyRing, type KeyRing } from '../encryption/key-ring.ts';
import { requireReader } from './access.ts';
import { limitAttempts } from './attempts.ts';
import { asked, logRequests } from './audit.ts';
import { BODY_LIMIT, Refusal, refuse } from './refusals.ts';
import { noSignIn, signInPages } from './sign-in.ts';
import type { Tokens } from './tokens.ts';

const { Payloads } = proto.temporal.api.common.v1;

const HEADER_LIMIT = 16_384;
/** The time for a whole request to arrive. Node enforces it only if the limit for the headers is shorter. */
const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;
/** Those who read are people with a browser, so more at once are no readers. */
const MOST_CONNECTIONS = 256;

export interface CodecServerOptions {
  readonly keyRing: KeyRing;
  /** With none, which the sandbox's keys alone allow, the pages of the UI need not sign in. */
  readonly tokens: Tokens | undefined;
  /** The one place whose pages may decode. */
  readonly uiOrigin: string;
  /** The addresses of the reverse proxy, whose word on where a request comes from is believed. */
  readonly proxies?: readonly string[];
  readonly log: Logger;
}

const bytes = z.base64().nullish();
const payload = z.looseObject({ metadata: z.record(z.string(), bytes).nullish(), data: bytes });
/** None at all is written as `{}`. */
const payloadsSchema = z.strictObject({ payloads: z.array(payload).default([]) });

/** Of a server without tokens, to which no secret is the right one. */
const NO_TOKENS: Tokens = { find: () => undefined, holds: () => false };

export async function createCodecServer(options: CodecServerOptions): Promise<FastifyInstance> {
  const { keyRing, tokens, uiOrigin, proxies = [], log } = options;
  if (tokens === undefined && keyRing !== sandboxKeyRing)
    throw new Error('only the keys of the sandbox may be served without a token');
  const codec = new EncryptionCodec(keyRing);
  // A page over TLS can ask only a server over TLS, and brings its cookies only where both are.
  const isSecure = uiOrigin.startsWith('https:');
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: proxies.length > 0 && [...proxies],
    http: {
      maxHeaderSize: HEADER_LIMIT,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  app.decorateRequest('reader', null);
  app.addHook('onSend', async ({ raw, reader }, reply) => {
    reply.header('cache-control', 'no-store');
    // What is refused before it has come is not read to its end, and strangers hold no connections.
    if (!raw.complete || reader === null) reply.header('connection', 'close');
  });
  logRequests(app, log);
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    refuse(error, reply, log),
  );
  app.addHook('onRequest', (request, _reply, done) => {
    // Before its body is read.
    if (request.is404) throw new Refusal('not-found');
    done();
  });
  app.setNotFoundHandler((_request, reply) => refuse(new Refusal('not-found'), reply, log));
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // With no referrer at all, a browser would hide the origin of the form, too.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: isSecure,
  });
  const check = await limitAttempts(app, tokens ?? NO_TOKENS);

  app.get('/healthz', () => ({ status: 'ok' }));
  if (tokens === undefined) noSignIn(app);
  const signIn =
    tokens === undefined ? undefined : await signInPages(app, { tokens, check, isSecure });
  await app.register(async (scope) => {
    await requireReader(scope, { uiOrigin, signIn, check });
    for (const direction of ['decode', 'encode'] as const)
      // With a namespace before it, as the Temporal command line can put one.
      for (const path of [`/${direction}`, `/:namespace/${direction}`])
        scope.post(path, async (request) => {
          const given = payloadsFrom(request.body);
          request.asked = asked(given);
          return Payloads.create({ payloads: await codec[direction](given) }).toJSON();
        });
  });
  return app;
}

/** Protobuf's own JSON: bytes are base64. */
function payloadsFrom(body: unknown) {
  const parsed = payloadsSchema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request');
  return Payloads.fromObject(parsed.data).payloads;
}
