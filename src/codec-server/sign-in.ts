/** The page by which a person who has a token lets their browser decode in Temporal UI. */
import cookie from '@fastify/cookie';
import formBody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TooManyAttempts, type Check } from './attempts.ts';
import { Refusal } from './refusals.ts';
import { SESSION_MS, Sessions } from './sessions.ts';
import type { Token, Tokens } from './tokens.ts';

const FORM_LIMIT = 4_096;

export interface SignIn {
  readerOf(request: FastifyRequest): Token | undefined;
}

export interface SignInOptions {
  readonly tokens: Tokens;
  readonly check: Check;
  /** Browsers reach this server over TLS. */
  readonly isSecure: boolean;
}

export async function signInPages(
  app: FastifyInstance,
  { tokens, check, isSecure }: SignInOptions,
): Promise<SignIn> {
  const sessions = new Sessions(tokens);
  // With the prefix, a browser takes the cookie from no other host and over TLS alone.
  const name = isSecure ? '__Host-codec-session' : 'codec-session';
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure } as const;
  await app.register(cookie);

  await app.register(async (pages) => {
    await pages.register(formBody);
    pages.get('/', (request, reply) =>
      page(reply, sessions.use(request.cookies[name]) === undefined ? signInForm('') : SIGNED_IN),
    );
    pages.post('/sign-in', ownPageForms, async (request, reply) => {
      const { token: secret = '' } = formSchema.safeParse(request.body).data ?? {};
      try {
        const token = await check(request, secret);
        if (token === undefined)
          return await page(reply.code(401), signInForm('<p>That is not a token.</p>'));
        request.reader = token.id;
        sessions.end(request.cookies[name]);
        return await reply
          .setCookie(name, sessions.begin(token), { ...attributes, maxAge: SESSION_MS / 1_000 })
          .redirect('/', 303);
      } catch (error) {
        if (!(error instanceof TooManyAttempts)) throw error;
        const wait = `<p>Too many wrong tokens were tried. Wait ${error.seconds} seconds.</p>`;
        return page(reply.code(429).header('retry-after', error.seconds), signInForm(wait));
      }
    });
    pages.post('/sign-out', ownPageForms, async (request, reply) => {
      request.reader = sessions.end(request.cookies[name])?.id ?? null;
      return await reply.clearCookie(name, attributes).redirect('/', 303);
    });
  });
  return { readerOf: (request) => sessions.use(request.cookies[name]) };
}

const ownPageForms = { onRequest: ownPageOnly, bodyLimit: FORM_LIMIT };

const formSchema = z.object({ token: z.string() });

/** For a server without tokens. */
export function noSignIn(app: FastifyInstance): void {
  app.get('/', (_request, reply) => page(reply, NO_SIGN_IN));
}

function ownPageOnly(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  const { origin, host } = request.headers;
  if (origin !== undefined && !(URL.canParse(origin) && new URL(origin).host === host))
    throw new Refusal('foreign-origin');
  done();
}

function page(reply: FastifyReply, body: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Codec server</title></head><body><main><h1>Codec server</h1>${body}</main></body></html>`,
    );
}

function signInForm(complaint: string): string {
  return `${complaint}<form method="post" action="/sign-in"><p><label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label> <button>Sign in</button></p></form>`;
}

const SIGNED_IN = `<p>This browser may decode in Temporal UI for 12 hours, and until it was not used for an hour. There, click the glasses at the top, choose <b>Use my browser setting</b>, enter the address of this page, switch on <b>Include cross-origin credentials</b>, apply, and reload.</p><form method="post" action="/sign-out"><button>Sign out</button></form>`;

const NO_SIGN_IN =
  '<p>Nobody needs to sign in here: this server has the keys of the sandbox alone, which everybody knows. Temporal UI shows what they encrypted.</p>';
