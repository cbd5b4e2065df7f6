import type { FastifyInstance } from 'fastify';
import { setTimeout as delay } from 'node:timers/promises';

/** The longest that anybody may have asked to wait, and the way back. */
const LIMIT_MS = 620_000;

/**
 * Closes the server once everybody has their answer. New connections are refused at once; those that are open are ended
 * when no answer is owed any more, for one that only hangs there would keep the server for ever.
 */
export function drainOf(app: FastifyInstance): () => Promise<void> {
  let owed = 0;
  let settle = (): void => undefined;
  app.addHook('onRequest', (_request, reply, done) => {
    owed += 1;
    reply.raw.once('close', () => {
      owed -= 1;
      if (owed === 0) settle();
    });
    done();
  });
  return async () => {
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
      if (owed === 0) resolve();
    });
    const closed = app.close();
    await Promise.race([settled, delay(LIMIT_MS, undefined, { ref: false })]);
    app.server.closeAllConnections();
    await closed;
  };
}
