/** Who may decode and encode: pages of Temporal UI whose reader signed in, and programs with a bearer token. */
import bearerAuth from '@fastify/bearer-auth';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Check } from './attempts.ts';
import { Refusal } from './refusals.ts';
import type { SignIn } from './sign-in.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the token by which somebody reads, or signed in. */
    reader: string | null;
  }
}

export interface Access {
  readonly uiOrigin: string;
  /** Whose session a request belongs to. `undefined`: no page needs to sign in. */
  readonly signIn: SignIn | undefined;
  readonly check: Check;
}

/** Makes every route of this Fastify scope ask who reads, before a byte of a body is read. */
export async function requireReader(app: FastifyInstance, access: Access): Promise<void> {
  const origins = access.signIn === undefined ? twins(access.uiOrigin) : [access.uiOrigin];
  const isUi = ({ headers }: FastifyRequest) =>
    headers.origin !== undefined && origins.includes(headers.origin);

  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers.origin !== undefined && !isUi(request)) throw new Refusal('foreign-origin');
    done();
  });
  await app.register(cors, {
    origin: origins,
    credentials: true,
    methods: ['POST'],
    allowedHeaders: ['authorization', 'authorization-extras', 'content-type', 'x-namespace'],
    maxAge: 600,
  });
  await app.register(bearerAuth, {
    addHook: false,
    keys: [],
    // The scheme in any case.
    specCompliance: 'rfc6749',
    auth: async (secret: string, request: FastifyRequest) => {
      const token = await access.check(request, secret);
      request.reader = token?.id ?? null;
      return token !== undefined;
    },
  });
  const { verifyBearerAuth } = app;
  if (verifyBearerAuth === undefined) throw new Error('@fastify/bearer-auth is not registered');
  app.addHook('onRequest', (request, reply, done) => {
    // A cookie comes with whatever a browser sends, so it counts only from where the UI is.
    if (isUi(request))
      request.reader =
        access.signIn === undefined ? 'anybody' : (access.signIn.readerOf(request)?.id ?? null);
    if (request.reader !== null) return done();
    verifyBearerAuth(request, reply, (error) => {
      // What the plugin says of a missing or wrong token is not repeated.
      done(error === undefined || request.reader !== null ? undefined : refusalOf(error));
    });
  });
}

function refusalOf(error: Error): Error {
  return 'statusCode' in error && error.statusCode === 401 ? new Refusal('unauthorized') : error;
}

/** The two names of this machine, one of which a browser was given: it counts them as different origins. */
function twins(origin: string): string[] {
  const { protocol, hostname, port } = new URL(origin);
  const other = { localhost: '127.0.0.1', '127.0.0.1': 'localhost' }[hostname];
  return protocol !== 'http:' || other === undefined
    ? [origin]
    : [origin, `http://${other}${port === '' ? '' : `:${port}`}`];
}
