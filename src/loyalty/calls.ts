/** Shared by the wire clients: one request, whose failure becomes a {@link ProviderError}. */
import type { z } from 'zod';
import type { Refusal } from '../domain/quote.ts';
import { requestJson, TransportError, type HttpAnswer, type HttpRequest } from '../http/request.ts';
import { ProviderError, type ProviderErrorKind } from './provider.ts';

/** Maps an HTTP status of a request that may move points. Returns `undefined` for a success. */
export function kindOfStatus(status: number): ProviderErrorKind | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status === 401 || status === 429) return 'not-sent';
  // 408 and 425 can come from a proxy that has passed the request on. So can a redirect, even 307 and 308: proxies send one
  // in place of an error of the server behind them.
  const refused = status >= 400 && status < 500 && status !== 408 && status !== 425;
  return refused ? 'refused' : 'unknown';
}

/** The answer has more bytes than this project reads. A shorter list may be asked for instead. */
export class AnswerTooLarge extends ProviderError {}

/** Sends one request. `call` names it in messages. @throws ProviderError without an answer; any status is an answer */
export async function send(call: string, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await requestJson(request);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const message = `${call}: ${error.message}`;
    if (error.isTooLarge) throw new AnswerTooLarge('unknown', message);
    throw new ProviderError(error.sent ? 'unknown' : 'not-sent', message);
  }
}

/** @throws ProviderError unless the answer's status is a success. `missing` is what 404 means. */
export function demandSuccess(
  call: string,
  answer: HttpAnswer,
  missing: Refusal = 'rejected',
): void {
  const kind = kindOfStatus(answer.status);
  if (kind === undefined) return;
  throw new ProviderError(kind, `${call}: HTTP ${answer.status}`, {
    refusal: kind === 'refused' ? (answer.status === 404 ? missing : 'rejected') : undefined,
    retryAfterMs: answer.retryAfterMs,
  });
}

/** Checks the shape of an answer. @throws ProviderError `unknown`, without zod's message, which may quote personal data */
export function readAs<T>(call: string, schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unreadable(call);
}

export function unreadable(call: string): ProviderError {
  return new ProviderError('unknown', `${call}: the answer could not be read`);
}

/** Counts down on a clock that a change of the machine's time does not move. It is negative once the time is over. */
export function countdown(milliseconds: number): () => number {
  const end = performance.now() + milliseconds;
  return () => end - performance.now();
}
