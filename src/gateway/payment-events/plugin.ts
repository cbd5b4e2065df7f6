/**
 * `POST /v1/payment-events/{source}` receives payment events, signed in each vendor's way. It has a Fastify scope of its own,
 * because a signature covers the exact bytes that were sent, so nothing may parse them first.
 */
import type { FastifyPluginCallback } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { readAdyen } from './adyen.ts';
import { applyEvent, type Effect, type Redemptions } from './apply.ts';
import { answerProblem, answerSchemas, type EventProblem } from './responses.ts';
import type { PaymentSource, PaymentSources } from './sources.ts';
import { readStandardWebhook } from './standard.ts';
import { readStripe } from './stripe.ts';
import type { Meaning, InvalidDelivery } from './translation.ts';

const BODY_LIMIT = 1_048_576;

const schema = {
  tags: ['payment events'],
  summary: 'Report payment events',
  description:
    'For payment systems: an event that Stripe or Adyen signed, or a Standard Webhook. Safe to repeat.',
  params: z.object({ source: z.string() }),
  response: answerSchemas,
};

export interface PaymentEventsOptions {
  readonly sources: PaymentSources;
  readonly redemptions: Redemptions;
}

/** Asks for no access key, because the signature takes its place. */
export function paymentEvents({
  sources,
  redemptions,
}: PaymentEventsOptions): FastifyPluginCallback {
  return (app, _options, done) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    app.post<{ Params: { source: string } }>(
      '/v1/payment-events/:source',
      { schema, bodyLimit: BODY_LIMIT },
      async ({ params, body, headers, log }, reply) => {
        const source = sources.get(params.source);
        if (source === undefined) return answerProblem(reply, 'unknown-source');
        const read = readEvents(body, headers, source);
        if (typeof read === 'string') {
          log.warn({ source: source.id, why: read }, 'payment event refused');
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
