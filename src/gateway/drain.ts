import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { REQUEST_TIMEOUT_MS } from './server.ts';

/** The longest that anybody may have asked to wait, and the way back. */
const LIMIT_MS = 620_000;

/**
 * Closes the server once everybody has their answer. New connections are refused at once; those that are open are ended
 * when no answer is owed any more, for one that only hangs there would keep the server for ever.
 */
export function drainOf(app: FastifyInstance): () => Promise<void> {
  const owed = new Set<IncomingMessage>();
  let settle = (): void => undefined;
  app.addHook('onRequest', ({ raw }, reply, done) => {
    owed.add(raw);
    reply.raw.once('close', () => {
      owed.delete(raw);
      if (owed.size === 0) settle();
    });
    done();
  });
  return async () => {
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
      if (owed.size === 0) resolve();
    });
    const closed = app.close();
    // A server that closes no longer looks at what is too slow to arrive.
    const sweep = setTimeout(() => {
      for (const request of owed) if (!request.complete) request.destroy();
    }, REQUEST_TIMEOUT_MS);
    await Promise.race([settled, delay(LIMIT_MS, undefined, { ref: false })]);
    clearTimeout(sweep);
    app.server.closeAllConnections();
    await closed;
  };
}
