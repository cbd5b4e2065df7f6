/** Says when a request is over. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Calls back once: when the answer was sent, or the connection is gone. An answer that waits behind another one on its connection
 * never closes by itself, so the connection is asked, too.
 */
export function whenOver(
  { raw: { socket } }: Pick<FastifyRequest, 'raw'>,
  { raw: answer }: Pick<FastifyReply, 'raw'>,
  callBack: () => void,
): void {
  const over = () => {
    answer.off('close', over);
    socket.off('close', over);
    callBack();
  };
  if (socket.destroyed) {
    callBack();
    return;
  }
  // Requests in a row on one connection listen side by side, and each stops listening.
  socket.setMaxListeners(0);
  answer.once('close', over);
  socket.once('close', over);
}
