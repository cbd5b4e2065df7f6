/**
 * Sends one JSON request over HTTP, for every service that this project calls. It never follows a redirect and never repeats a
 * request. It adds certainty to undici: whether a failed request can have reached the other side.
 */
import { Agent, errors } from 'undici';
import { formatDuration } from '../schemas/duration.ts';
import { lookupOfServices } from './lookup.ts';

const CONNECT_TIMEOUT_MS = 2_000;

/** The longest time from the start of a call to the last byte of its answer. */
export const ANSWER_TIMEOUT_MS = 10_000;

const MAX_ANSWER_BYTES = 1024 * 1024;

const agent = new Agent({
  connect: { timeout: CONNECT_TIMEOUT_MS, lookup: lookupOfServices },
  maxResponseSize: MAX_ANSWER_BYTES,
  // The timer below limits the whole answer, however slowly it arrives.
  headersTimeout: 0,
  bodyTimeout: 0,
});

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** The configured URL of the service, without a trailing slash. */
  readonly baseUrl: string;
  /** Appended to the base URL as it is. Its variable parts must be percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string | undefined;
  /** The default, and the maximum, is {@link ANSWER_TIMEOUT_MS}. */
  readonly timeoutMs?: number | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** The parsed JSON, or `undefined` if the body is empty or not JSON. */
  readonly body: unknown;
  /** From Retry-After. */
  readonly retryAfterMs: number | undefined;
}

/** There is no complete answer. The message names an error code, and never a path, a header or a body. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** False only if no byte of the request has left, because there was no connection yet. */
  readonly sent: boolean;
  /** True if there is an answer, and it is larger than what is read. */
  readonly isTooLarge: boolean;

  constructor(message: string, sent: boolean, isTooLarge = false) {
    super(message);
    this.sent = sent;
    this.isTooLarge = isTooLarge;
  }
}

/** Returns the path as it goes over the wire. A signature covers it. */
export function requestPath(baseUrl: string, path: string): string {
  return new URL(baseUrl).pathname.replace(/\/$/, '') + path;
}

/** @throws TransportError without a complete answer; any status is an answer */
export function requestJson(request: HttpRequest): Promise<HttpAnswer> {
  const { method, baseUrl, body } = request;
  const timeoutMs = Math.min(request.timeoutMs ?? ANSWER_TIMEOUT_MS, ANSWER_TIMEOUT_MS);
  if (timeoutMs <= 0)
    return Promise.reject(new TransportError('no time was left to send the request', false));

  return new Promise((resolve, reject) => {
    let sent = false;
    let givenUp = false;
    let abort = (): void => {};
    let status = 0;
    let retryAfter: string | string[] | undefined;
    const chunks: Buffer[] = [];

    const fail = (message: string, isTooLarge = false): void => {
      clearTimeout(timer);
      reject(new TransportError(message, sent, isTooLarge));
    };
    const timer = setTimeout(() => {
      givenUp = true;
      fail(`no answer within ${formatDuration(timeoutMs)}`);
      abort();
    }, timeoutMs);

    agent.dispatch(
      {
        method,
        origin: new URL(baseUrl).origin,
        path: requestPath(baseUrl, request.path),
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        body: body ?? null,
      },
      {
        // undici calls this once it has a connection, right before it writes the first byte.
        onRequestStart(controller) {
          abort = () => controller.abort(new Error('given up'));
          if (givenUp) abort();
          else sent = true;
        },
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode;
          retryAfter = headers['retry-after'];
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          resolve({ status, body: parseJson(chunks), retryAfterMs: parseRetryAfter(retryAfter) });
        },
        onResponseError(_controller, error) {
          fail(describe(error), error instanceof errors.ResponseExceededMaxSizeError);
        },
      },
    );
  });
}

function parseJson(chunks: readonly Buffer[]): unknown {
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date. */
function parseRetryAfter(header: string | string[] | undefined): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

/** Returns only the code, because a parser's message can quote what it read. */
function describe(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return `no whole answer (${code})`;
}
