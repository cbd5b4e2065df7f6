/** Refuses requests before any route sees them, always as problem JSON. */
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

/** More headers than any client needs. */
const MAX_HEADERS = 100;

/** Answers 404, 405 and too many headers before a byte of the body is read. */
export function rejectUnknownRoutes(app: FastifyInstance): void {
  const resources = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const resource = resources.get(url) ?? { path: patternOf(url), methods: new Set() };
    resources.set(url, resource);
    for (const name of [method].flat()) resource.methods.add(name);
  });
  app.addHook('onRequest', (request, reply, done) => {
    // rawHeaders holds names and values in turn.
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

/** Decodes strictly, because a byte that is not UTF-8 would be replaced, and two members could become the same. */
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

/** Answers a URL that the router cannot parse. */
export function refuseUrl(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('x-request-id', request.id);
  sendProblem(reply, new Problem('malformed-request', { detail: 'The URL is malformed.' }));
}

const ofParser: Readonly<Record<string, ProblemKind>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers a connection that sends no HTTP, or too slowly. There is no request yet, so the answer is written by hand. */
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
