/** The gateway offers redemptions over HTTP, to tills and payment systems in any language. */
import helmet from '@fastify/helmet';
import underPressure from '@fastify/under-pressure';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { firstIssue } from '../schemas/issues.ts';
import type { AccessKeys } from './access-key-file.ts';
import { requireAccessKeys } from './access.ts';
import { actRoutes } from './acts.ts';
import { ConcurrencyLimit } from './concurrency-limit.ts';
import { healthRoutes } from './health.ts';
import { MemberGuard, usualMemberLimits, type MemberLimits } from './member-guard.ts';
import { describeRoutes, showDocument } from './openapi.ts';
import { paymentEvents } from './payment-events/plugin.ts';
import type { PaymentSources } from './payment-events/sources.ts';
import { paymentRoutes } from './payments.ts';
import { Problem, problemOf, sendProblem, statusOf, type ProblemKind } from './problems.ts';
import { quoteRoutes } from './quotes.ts';
import type { RedemptionAccess } from './redemption-access.ts';
import { redemptionRoutes } from './redemptions.ts';
import {
  acceptJsonOnly,
  refuseConnection,
  rejectUnknownRoutes,
  refuseUrl,
} from './reject-early.ts';
import { redemptionParams } from './schemas.ts';

const BODY_LIMIT = 65_536;
const HEADER_LIMIT = 16_384;
/** The time for a whole request to arrive. Node enforces it only if the limit for the headers is shorter. */
export const REQUEST_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 5_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** The problem that the request was answered with, if any. */
    problem: ProblemKind | null;
  }
}

export interface GatewayOptions extends RedemptionAccess {
  readonly accessKeys: Pick<AccessKeys, 'find'>;
  readonly paymentSources: PaymentSources;
  /** The addresses or networks of the reverse proxies, which say in X-Forwarded-For who asks. */
  readonly trustedProxies?: readonly string[];
  /** Resolves to true if Temporal can be reached. */
  readonly isReady: () => Promise<boolean>;
  readonly log: FastifyBaseLogger;
  /** How many redemptions may be under way at once. Further ones are refused for the moment. */
  readonly places?: number;
  readonly memberLimits?: MemberLimits;
  /** How many payment events of one source may be refused for one address in a minute. */
  readonly refusalsPerMinute?: number;
  /** Above this delay of the event loop, requests are refused for the moment. */
  readonly maxEventLoopDelayMs?: number;
}

export async function buildGateway(options: GatewayOptions): Promise<FastifyInstance> {
  const { accessKeys, paymentSources, isReady, log, places = 1_000 } = options;
  const app = Fastify({
    loggerInstance: log,
    // Fastify's own lines hold whole URLs, so `logRequests` writes ours.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: ({ headers }) => requestIdFrom(headers['x-request-id']),
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      maxHeaderSize: HEADER_LIMIT,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
    },
    // A schema refuses what is too long.
    routerOptions: { maxParamLength: HEADER_LIMIT },
    // A request that still comes in over an open connection is answered like any other.
    return503OnClosing: false,
    frameworkErrors: refuseUrl,
    clientErrorHandler: refuseConnection,
  });
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart = 'request' }) => (data) => {
    const parsed = schema.safeParse(data ?? undefined, { reportInput: true });
    return parsed.success ? { value: parsed.data } : { error: invalid(httpPart, parsed.error) };
  });
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app);
  logRequests(app);
  rejectUnknownRoutes(app);
  acceptJsonOnly(app);
  await app.register(helmet, {
    contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] }, useDefaults: false },
  });
  await app.register(underPressure, {
    maxEventLoopDelay: options.maxEventLoopDelayMs ?? 1_000,
    retryAfter: 2,
  });
  await describeRoutes(app);
  healthRoutes(app, isReady);
  await app.register(async (scope) => {
    await requireAccessKeys(scope, accessKeys);
    const guard = new MemberGuard(options.memberLimits ?? usualMemberLimits, log);
    quoteRoutes(scope, options.redemptions, guard);
    redemptionRoutes(scope, options, new ConcurrencyLimit(places), guard);
    paymentRoutes(scope, options);
    actRoutes(scope, options);
  });
  await app.register(
    paymentEvents({
      sources: paymentSources,
      redemptions: options.redemptions,
      refusalsPerMinute: options.refusalsPerMinute,
    }),
  );
  await showDocument(app);
  return app;
}

function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(header)
    ? header
    : randomUUID();
}

function invalid(part: string, error: z.ZodError): Problem {
  const { field, message } = firstIssue(error);
  const named = field === '' ? part : field;
  return new Problem('invalid-request', { field: named, detail: `${named} ${message}.` });
}

function answerErrors(app: FastifyInstance): void {
  app.decorateRequest('problem', null);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    request.problem = problem.kind;
    const { cause } = problem.details;
    const line = { problem: problem.kind, err: cause };
    // Only our own failures are logged in full, because the words of a bad request may hold personal data.
    if (statusOf(problem.kind) >= 500) request.log.error(line, problem.message);
    return sendProblem(reply, problem);
  });
}

/** Logs one line for each request: no body, no header, and of the URL only the route and the ids. */
function logRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const sale =
      redemptionParams.safeParse(request.params).data ??
      redemptionParams.safeParse(request.body).data;
    const { method, routeOptions, problem, accessKey } = request;
    const line = { method, route: routeOptions.url, status: reply.statusCode, problem, ...sale };
    const ms = Math.round(reply.elapsedTime);
    // Who asks without a valid key is worth knowing. The others have their key's id.
    const address = problem === 'unauthorized' ? request.ip : undefined;
    request.log.info({ ...line, key: accessKey?.id, address, ms }, 'answered');
    done();
  });
}
