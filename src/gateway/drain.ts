import type { FastifyInstance } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { REQUEST_TIMEOUT_MS } from './server.ts';
import { whenOver } from './when-over.ts';

/** The longest wait that a request may ask for, and time for the answer to travel. */
const LIMIT_MS = 620_000;

/**
 * Makes a function that closes the server once every request is answered. New connections are refused at once. Open ones are
 * ended when no answer is owed, because an idle connection would keep the server open for ever.
 */
export function drainOf(app: FastifyInstance): () => Promise<void> {
  const owed = new Set<IncomingMessage>();
  let settle = (): void => undefined;
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    owed.add(raw);
    whenOver(request, reply, () => {
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
    // A server that is closing no longer enforces the time limit for a request to arrive.
    const sweep = setTimeout(() => {
      for (const request of owed) if (!request.complete) request.destroy();
    }, REQUEST_TIMEOUT_MS);
    await Promise.race([settled, delay(LIMIT_MS, undefined, { ref: false })]);
    clearTimeout(sweep);
    app.server.closeAllConnections();
    await closed;
  };
}
