/** Every answer that is no success, as `application/problem+json` (RFC 9457), and the one mapping from errors to statuses. */
import type { FastifyReply } from 'fastify';
import { RedemptionError, type ErrorCode } from '../domain/errors.ts';

interface Kind {
  readonly status: number;
  readonly title: string;
  readonly remedy: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

const askAgain =
  'Send the same request again later, with the same redemptionId: nothing is done twice.';

/** A name is the end of the `type`, and never changes its meaning. docs/reference/errors.md has a heading for each. */
export const kinds = {
  'malformed-request': {
    status: 400,
    title: 'The request cannot be parsed.',
    remedy: 'Send JSON in UTF-8, with well-formed headers and a well-formed URL.',
  },
  unauthorized: {
    status: 401,
    title: 'A valid access key is required.',
    remedy: 'Send the key in the header "Authorization: Bearer KEY".',
  },
  forbidden: {
    status: 403,
    title: 'This access key does not allow the request.',
    remedy: 'Use a key that allows the scope, program and store of the request.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such resource.',
    remedy: 'See /openapi.json for the resources that exist.',
  },
  'unknown-redemption': {
    status: 404,
    title: 'There is no such redemption so far.',
    remedy:
      'Check the program and the redemptionId. If it was asked for just now, it may still be on its way: send this request again.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The resource does not support this method.',
    remedy: 'Use one of the methods in the Allow header.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request did not arrive in time.',
    remedy: 'Send the whole request again within 10 seconds.',
  },
  conflict: {
    status: 409,
    title: 'This redemptionId is already used for something else.',
    remedy: 'Use a new redemptionId for a new sale.',
  },
  'given-back': {
    status: 409,
    title: 'The redemption was granted earlier and is no longer granted.',
    remedy: 'Give no discount. Use a new redemptionId for a new sale.',
  },
  'ended-by-force': {
    status: 409,
    title: 'The redemption was ended by force in Temporal.',
    remedy: 'Give no discount. An operator must check at the provider whether points are missing.',
  },
  refused: {
    status: 409,
    title: "The redemption's current status does not allow this.",
    remedy: 'Get the redemption to see its status.',
  },
  'too-large': {
    status: 413,
    title: 'The body is too large.',
    remedy: 'Send only the fields that /openapi.json names.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has an unsupported media type.',
    remedy: 'Send JSON with the header "Content-Type: application/json".',
  },
  'invalid-request': {
    status: 422,
    title: 'The request is not valid. No points were taken.',
    remedy: 'Correct the field that is named, and give a corrected redemption a new redemptionId.',
  },
  'too-many-requests': {
    status: 429,
    title: 'The access key has reached its rate limit.',
    remedy: 'Wait for the seconds in the Retry-After header, then send the request again.',
    retryAfter: 1,
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too many or too large.',
    remedy: 'Send only the headers that are needed.',
  },
  internal: {
    status: 500,
    title: "Internal error. Search the gateway's log for the x-request-id of this answer.",
    remedy: askAgain,
  },
  overloaded: {
    status: 503,
    title: 'The gateway is overloaded.',
    remedy: askAgain,
    retryAfter: 2,
  },
  unavailable: {
    status: 503,
    title: 'The service is temporarily unavailable.',
    remedy: askAgain,
    retryAfter: 5,
  },
} as const satisfies Record<string, Kind>;

export type ProblemKind = keyof typeof kinds;

export function statusOf(kind: ProblemKind): number {
  return kinds[kind].status;
}

interface Details {
  /** Says what is wrong this time. It must hold nothing secret or personal. */
  readonly detail?: string;
  readonly field?: string;
  /** Instead of the usual time. */
  readonly retryAfterS?: number;
  readonly redemption?: object;
  readonly cause?: unknown;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly details: Details;

  constructor(kind: ProblemKind, details: Details = {}) {
    super(kinds[kind].title, { cause: details.cause });
    this.kind = kind;
    this.details = details;
  }
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** Tells it from a redemption, without the content type. */
  readonly outcome: 'problem';
  readonly remedy: string;
  readonly detail?: string;
  readonly field?: string;
}

export function problemBody(kind: ProblemKind, { detail, field }: Details = {}): ProblemBody {
  const { title, status, remedy } = kinds[kind];
  return {
    type: `urn:points-redemption:problem:${kind}`,
    title,
    status,
    outcome: 'problem',
    remedy,
    ...(detail !== undefined && { detail }),
    ...(field !== undefined && { field }),
  };
}

export const PROBLEM_TYPE = 'application/problem+json';

export function sendProblem(reply: FastifyReply, { kind, details }: Problem): FastifyReply {
  const known: Kind = kinds[kind];
  const seconds = details.retryAfterS ?? known.retryAfter;
  if (seconds !== undefined && !reply.hasHeader('retry-after'))
    reply.header('retry-after', String(seconds));
  if (kind === 'unauthorized') reply.header('www-authenticate', 'Bearer');
  const { redemption } = details;
  return reply
    .code(known.status)
    .type(PROBLEM_TYPE)
    .send({ ...problemBody(kind, details), ...(redemption !== undefined && { redemption }) });
}

const ofRedemption: Readonly<Record<ErrorCode, ProblemKind>> = {
  'invalid-request': 'invalid-request',
  'invalid-settings': 'internal',
  'unknown-redemption': 'unknown-redemption',
  'ended-by-force': 'ended-by-force',
  conflict: 'conflict',
  refused: 'refused',
  unavailable: 'unavailable',
};

/** Maps the error codes of Fastify and its plugins. */
const ofFastify: Readonly<Record<string, ProblemKind>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_UNDER_PRESSURE: 'overloaded',
};

/** Maps an error to the problem that the caller sees. Only a 4xx carries its own detail, because a 5xx may reveal internals. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RedemptionError) {
    const kind = ofRedemption[error.code];
    const { field, message: detail } = error;
    // The answer is the same for a key that may not know whether the redemption exists.
    if (kind === 'unknown-redemption') return new Problem(kind);
    if (statusOf(kind) >= 500) return new Problem(kind, { cause: error });
    return new Problem(kind, { detail, ...(field !== undefined && { field }), cause: error });
  }
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const known = code === undefined ? undefined : ofFastify[code];
  if (known !== undefined) return new Problem(known, { cause: error });
  const isTheirs = statusCode !== undefined && statusCode >= 400 && statusCode < 500;
  return new Problem(isTheirs ? 'malformed-request' : 'internal', { cause: error });
}
