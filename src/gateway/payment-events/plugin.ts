/**
 * `POST /v1/payment-events/{source}` receives payment events, signed in each vendor's way. It has a Fastify scope of its own,
 * because a signature covers the exact bytes that were sent, so nothing may parse them first.
 */
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { problemOf, statusOf } from '../problems.ts';
import { RefusalBudget } from '../refusal-budget.ts';
import { readAdyen } from './adyen.ts';
import { applyEvent, type Effect, type Redemptions } from './apply.ts';
import { answerProblem, answerSchemas, type EventProblem } from './responses.ts';
import type { PaymentSource, PaymentSources } from './sources.ts';
import { readStandardWebhook } from './standard.ts';
import { readStripe } from './stripe.ts';
import type { Meaning, InvalidDelivery } from './translation.ts';

/** Far above any event that names a sale, and little to hash. */
const BODY_LIMIT = 262_144;

/** Refused deliveries per minute of one source from one address. A sender with a wrong secret is far below it. */
const REFUSALS_PER_MINUTE = 60;

const schema = {
  tags: ['payment events'],
  summary: 'Report payment events',
  description:
    'For payment systems: an event that Stripe or Adyen signed, or a Standard Webhook. Safe to repeat.',
  params: z.object({ source: z.string() }),
  response: answerSchemas,
};

interface Delivered {
  readonly Params: { readonly source: string };
}

export interface PaymentEventsOptions {
  readonly sources: PaymentSources;
  readonly redemptions: Redemptions;
  readonly refusalsPerMinute?: number | undefined;
}

/** Asks for no access key, because the signature takes its place. */
export function paymentEvents({
  sources,
  redemptions,
  refusalsPerMinute = REFUSALS_PER_MINUTE,
}: PaymentEventsOptions): FastifyPluginCallback {
  const budget = new RefusalBudget(refusalsPerMinute);

  /** Runs before a byte of the body is read. */
  async function turnAway(
    { params, ip }: FastifyRequest<Delivered>,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    const source = sources.get(params.source);
    if (source === undefined) return answerProblem(closing(reply), 'unknown-source');
    const seconds = await budget.exhaustedFor(source.id, ip);
    if (seconds === undefined) return undefined;
    return answerProblem(closing(reply).header('retry-after', String(seconds)), 'too-many-refused');
  }

  async function spend(
    { params, ip, log }: Pick<FastifyRequest<Delivered>, 'params' | 'ip' | 'log'>,
    why: string,
  ): Promise<void> {
    const { source } = params;
    log.warn({ source, why }, 'payment event refused');
    if (await budget.spend(source, ip)) log.error({ source, address: ip }, FLOOD);
  }

  return (app, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    app.post<Delivered>(
      '/v1/payment-events/:source',
      {
        schema,
        bodyLimit: BODY_LIMIT,
        onRequest: turnAway,
        // A body that is too large, or does not come to its end, was taken in all the same.
        onError: async (request, _reply, error) => {
          const { kind } = problemOf(error);
          if (statusOf(kind) < 500) await spend(request, kind);
        },
      },
      async ({ params, body, headers, ip, log }, reply) => {
        const source = sources.get(params.source);
        if (source === undefined) return answerProblem(reply, 'unknown-source');
        const read = readEvents(body, headers, source);
        if (typeof read === 'string') {
          await spend({ params, ip, log }, read);
          return answerProblem(reply, 'event-refused');
        }
        const effects: Effect[] = [];
        // Every event of a batch is applied, even if one fails. The repetition of the batch changes nothing twice.
        for (const meaning of read)
          effects.push(await applyEvent(redemptions, source, meaning, log));
        const obstacle = obstacleIn(effects);
        if (obstacle !== undefined) return answerProblem(reply, obstacle);
        return reply
          .type('text/plain')
          .send(source.kind === 'adyen' ? '[accepted]' : effects.join(' '));
      },
    );
    done();
  };
}

const FLOOD =
  'this address has sent too many payment events that were refused; for up to a minute it is answered 429. If it is a proxy, name it in GATEWAY_TRUSTED_PROXIES.';

/** The connection ends with the answer, because the rest of a body that nobody reads would still have to be taken in. */
function closing(reply: FastifyReply): FastifyReply {
  return reply.header('connection', 'close');
}

function readEvents(
  body: unknown,
  headers: IncomingHttpHeaders,
  source: PaymentSource,
): readonly Meaning[] | InvalidDelivery {
  const text = decode(body);
  if (text === undefined) return 'malformed';
  switch (source.kind) {
    case 'stripe':
      return readStripe(text, headers, source);
    case 'adyen':
      return readAdyen(text, headers, source);
    case 'standard-webhooks':
      return readStandardWebhook(text, headers, source);
  }
}

/** Decodes strictly, so that two bodies never become the same text. Returns `undefined` without a body in UTF-8. */
function decode(body: unknown): string | undefined {
  if (!Buffer.isBuffer(body)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Returns why the sender has to send the batch again. The outage of Temporal counts first. */
function obstacleIn(effects: readonly Effect[]): EventProblem | undefined {
  if (effects.includes('unavailable')) return 'event-not-passed-on';
  const isEarly = effects.includes('unknown-redemption') || effects.includes('not-captured-yet');
  return isEarly ? 'not-known-yet' : undefined;
}
