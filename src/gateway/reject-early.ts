/** What is refused before any route sees it; everything as problem JSON. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import {
  kinds,
  Problem,
  PROBLEM_TYPE,
  problemBody,
  sendProblem,
  type ProblemKind,
} from './problems.ts';

/** Far more than any client needs. */
const MAX_HEADERS = 100;

/** 404 and 405, and too many headers: told before a byte of the body is read. */
export function rejectUnknownRoutes(app: FastifyInstance): void {
  const resources = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const resource = resources.get(url) ?? { path: patternOf(url), methods: new Set() };
    resources.set(url, resource);
    for (const name of [method].flat()) resource.methods.add(name);
  });
  app.addHook('onRequest', (request, reply, done) => {
    // rawHeaders holds names and values by turns.
    if (request.raw.rawHeaders.length > 2 * MAX_HEADERS) throw new Problem('headers-too-large');
    if (!request.is404) return done();
    const path = request.url.replace(/\?.*$/s, '');
    const found = [...resources.values()].find((resource) => resource.path.test(path));
    if (found === undefined) throw new Problem('not-found');
    reply.header('allow', [...found.methods].join(', '));
    throw new Problem('method-not-allowed');
  });
}

function patternOf(url: string): RegExp {
  const pattern = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*');
  return new RegExp(`^${pattern}$`);
}

/** Strict: a byte that is no UTF-8 would become another one, and two members one. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      let text: string;
      try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(body);
      } catch (cause) {
        done(new Problem('malformed-request', { detail: 'The body is not UTF-8.', cause }));
        return;
      }
      void parse(request, text, done);
    },
  );
}

/** Of a URL that no router can read. */
export function refuseUrl(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  sendProblem(reply, new Problem('malformed-request', { detail: 'The URL is malformed.' }));
}

const ofParser: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Of what is no HTTP, or too slow: there is no request yet that could be answered. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const kind = ofParser[error.code ?? ''] ?? 'malformed-request';
  const { status } = kinds[kind];
  const body = JSON.stringify(problemBody(kind));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
