/**
 * How often a wrong token may be tried. Whoever tried too often waits, even with the right one: otherwise the answer would say
 * which one is right. Sessions that are open go on.
 */
import rateLimit, { type CreateRateLimitOptions } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Token, Tokens } from './tokens.ts';

const WINDOW_MS = 60_000;
const WRONG_BY_ADDRESS = 10;
const WRONG_OVERALL = 300;

export class TooManyAttempts extends Error {
  readonly seconds: number;

  constructor(seconds: number) {
    super('Too many wrong tokens were tried.');
    this.seconds = seconds;
  }
}

/** Returns the token of a secret. @throws TooManyAttempts */
export type Check = (request: FastifyRequest, secret: string) => Promise<Token | undefined>;

export async function limitAttempts(app: FastifyInstance, tokens: Tokens): Promise<Check> {
  await app.register(rateLimit, { global: false, timeWindow: WINDOW_MS });
  const limit = (options: CreateRateLimitOptions) => app.createRateLimit(options);
  const limits = [
    // By the address that the plugin makes of IPv6: whoever has a network of 64 bits counts as one.
    limit({ max: WRONG_BY_ADDRESS }),
    limit({ max: WRONG_OVERALL, keyGenerator: () => 'all' }),
  ];
  return async (request, secret) => {
    for (const read of limits) {
      const state = await read(request, { increment: false });
      if (!state.isAllowed && state.remaining === 0) throw new TooManyAttempts(state.ttlInSeconds);
    }
    const token = tokens.find(secret);
    if (token === undefined) for (const count of limits) await count(request);
    return token;
  };
}
