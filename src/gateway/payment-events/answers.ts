/** What a sender is answered: 200 ends the matter, 409 and 503 bring it again, 400 and 404 tell it nothing. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

const problems = {
  'event-refused': [400, 'The event is not signed by this source, too old, or malformed.'],
  'unknown-source': [404, 'There is no such source of payment events.'],
  'unknown-redemption': [409, 'The redemption is not known yet: send the event again later.'],
  unavailable: [503, 'The event could not be passed on: send it again.'],
} as const;

export type Problem = keyof typeof problems;

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const [status, title] = problems[problem];
  if (problem === 'unavailable') reply.header('retry-after', '30');
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: `urn:points-redemption:problem:${problem}`, title, status });
}

const problemSchema = z.object({ type: z.string(), title: z.string(), status: z.int() });

/** For the OpenAPI. */
export const answerSchemas = {
  200: {
    description: 'Taken: it is not to be sent again.',
    content: { 'text/plain': { schema: z.string() } },
  },
  ...Object.fromEntries(
    Object.values(problems).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  ),
};
