/** The answers to a sender. After 200 it is done, after 409 and 503 it sends the event again, and 400 and 404 reveal nothing. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { PROBLEM_TYPE } from '../problems.ts';
import { problemSchema } from '../schemas.ts';

const problems = {
  'event-refused': {
    status: 400,
    title: 'The event is malformed, too old, or not signed with a secret of this source.',
    remedy:
      "Sign the event with a secret of the source and send it again. The gateway's log gives the cause.",
  },
  'unknown-source': {
    status: 404,
    title: 'There is no such source of payment events.',
    remedy: 'Use the id of a configured source.',
  },
  'not-known-yet': {
    status: 409,
    title: 'The redemption, or the capture that is refunded, is not known yet.',
    remedy: 'Send the event again later: nothing is done twice.',
  },
  'too-many-refused': {
    status: 429,
    title: 'Too many events of this source were refused from this address.',
    remedy: 'Wait for the seconds in the Retry-After header, then send the event again.',
  },
  'event-not-passed-on': {
    status: 503,
    title: 'The event could not be passed on to the redemption.',
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
    .send({ type: `urn:points-redemption:problem:${kind}`, outcome: 'problem', ...problem });
}

/** The same answers for the OpenAPI document. */
export const answerSchemas = {
  200: {
    description: 'Accepted: do not send the event again.',
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
