/** The page by which a person who holds the token lets their browser decode in Temporal UI. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isSame, type Sessions } from './session.ts';

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  'x-content-type-options': 'nosniff',
  // With no referrer at all, a browser would hide the origin of the form, too.
  'referrer-policy': 'same-origin',
};

export function signIn(app: FastifyInstance, token: string, sessions: Sessions): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );

  app.get('/', (request, reply) =>
    page(reply, sessions.isOpen(request.headers.cookie) ? SIGNED_IN : signInForm('')),
  );
  app.post('/sign-in', { onRequest: ownPageOnly }, (request, reply) => {
    const given = request.body instanceof URLSearchParams ? request.body.get('token') : null;
    if (given === null || !isSame(given, token))
      return page(reply.code(401), signInForm('<p>That is not the token.</p>'));
    return reply.header('set-cookie', sessions.begin()).redirect('/', 303);
  });
  app.post('/sign-out', { onRequest: ownPageOnly }, (_request, reply) =>
    reply.header('set-cookie', sessions.end()).redirect('/', 303),
  );
}

/** For a server without a token. */
export function noSignIn(app: FastifyInstance): void {
  app.get('/', (_request, reply) => page(reply, NO_SIGN_IN));
}

function ownPageOnly(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { origin, host } = request.headers;
  if (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)) done();
  else
    void reply
      .code(403)
      .send({ error: 'foreign-origin', message: 'Sign in on the page of this server.' });
}

function page(reply: FastifyReply, body: string): FastifyReply {
  return reply
    .headers(PAGE_HEADERS)
    .send(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Codec server</title></head><body><main><h1>Codec server</h1>${body}</main></body></html>`,
    );
}

function signInForm(complaint: string): string {
  return `${complaint}<form method="post" action="/sign-in"><p><label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label> <button>Sign in</button></p></form>`;
}

const SIGNED_IN = `<p>This browser may decode in Temporal UI for 12 hours. There, click the glasses at the top, choose <b>Use my browser setting</b>, enter the address of this page, switch on <b>Include cross-origin credentials</b>, apply, and reload.</p><form method="post" action="/sign-out"><button>Sign out</button></form>`;

const NO_SIGN_IN =
  '<p>Nobody needs to sign in here: this server has the keys of the sandbox alone, which everybody knows. Temporal UI shows what they encrypted.</p>';
