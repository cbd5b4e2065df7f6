/** The answers to a sender. After 200 it is done, after 409 and 503 it sends the event again, and 400 and 404 reveal nothing. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PROBLEM_TYPE } from '../problems.ts';
import { problemSchema } from '../schemas.ts';

const problems = {
  'event-refused': {
    status: 400,
    title: 'The event is not signed by this source, too old, or malformed.',
    remedy: 'Sign it anew, as the source is configured; the log of the gateway says more.',
  },
  'unknown-source': {
    status: 404,
    title: 'There is no such source of payment events.',
    remedy: 'Use the id of a configured source.',
  },
  'not-known-yet': {
    status: 409,
    title: 'The redemption of this payment, or the capture that was refunded, is not known yet.',
    remedy: 'Send the event again later: nothing is done twice.',
  },
  'event-not-passed-on': {
    status: 503,
    title: 'The event could not be passed on just now.',
    remedy: 'Send the event again later: nothing is done twice.',
  },
} as const;

export type EventProblem = keyof typeof problems;

export function answerProblem(reply: FastifyReply, kind: EventProblem): FastifyReply {
  const problem = problems[kind];
  if (problem.status === 503) reply.header('retry-after', '30');
  return reply
    .code(problem.status)
    .type(PROBLEM_TYPE)
    .send({ type: `urn:points-redemption:problem:${kind}`, ...problem });
}

/** The same answers for the OpenAPI document. */
export const answerSchemas = {
  200: {
    description: 'Taken: it is not to be sent again.',
    content: { 'text/plain': { schema: z.string() } },
  },
  ...Object.fromEntries(
    Object.entries(problems).map(([kind, { status, title }]) => [
      status,
      {
        description: `\`${kind}\`: ${title}`,
        content: { [PROBLEM_TYPE]: { schema: problemSchema } },
      },
    ]),
  ),
};
