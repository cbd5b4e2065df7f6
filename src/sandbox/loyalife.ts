/**
 * Plays Loyalife, written from docs/providers/loyalife.md and never from the adapter: five calls, each a POST with JSON.
 * `loyalife-points.ts` carries them out.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { travelMiles } from '../programs/sandbox.ts';
import type { CallName } from './faults.ts';
import { codes, failure, success } from './loyalife-envelope.ts';
import { availablePoints, memberHistory, redeem, reverse } from './loyalife-points.ts';
import {
  availabilitySchema,
  badRequest,
  historySchema,
  redemptionSchema,
  reversalSchema,
  tokenSchema,
} from './loyalife-requests.ts';
import { Tokens } from './loyalife-tokens.ts';
import {
  header,
  mount,
  readJson,
  ContractViolation,
  type Answer,
  type Sandbox,
  type Service,
} from './service.ts';

const service: Service = {
  name: 'loyalife',
  refuse: (fault, member = 'nobody') =>
    failure(fault.code ?? codes.badRequest, `Refused on demand for ${member}`),
  fail: (fault) =>
    fault.code === undefined
      ? { status: 500, body: { message: 'Something went wrong' } }
      : failure(fault.code),
};
const unauthorised: Answer = { status: 401, body: { message: 'Unauthorized' } };

export function loyalife(app: FastifyInstance, sandbox: Sandbox): void {
  const tokens = new Tokens();

  mount(app, sandbox, service, {
    method: 'POST',
    path: '/lbms-ingress/oauth/api/Auth/Token',
    read: (request) => {
      const asked = readJson(request, tokenSchema, badRequest);
      const { clientId, clientSecret } = travelMiles;
      if (asked.client_id !== clientId || asked.client_secret !== clientSecret)
        throw new ContractViolation(unauthorised);
    },
    fault: () => ({ call: 'token', program: travelMiles.id }),
    perform: () => {
      const { token, expiresAt } = tokens.issue(sandbox.switches.tokenLifetimeSeconds);
      return success(null, { token, tokenExpiresOn: expiresAt.toISOString() });
    },
  });

  /** Mounts a call about a member. All of these need a token. */
  const post = <Schema extends z.ZodType<{ readonly RelationReference: string }>>(
    path: string,
    call: CallName,
    schema: Schema,
    perform: (sandbox: Sandbox, asked: z.infer<Schema>) => Answer,
  ) =>
    mount(app, sandbox, service, {
      method: 'POST',
      path: `/lbms-ingress/${path}`,
      read: (request) => {
        checkToken(request, tokens);
        return readJson(request, schema, badRequest);
      },
      fault: ({ RelationReference: spelling }) => ({
        call,
        program: travelMiles.id,
        memberSpellings: sandbox.ledger.spellings(travelMiles.id, spelling),
      }),
      perform: (asked) => perform(sandbox, asked),
    });

  post('pg-lm/API/PG/CheckAvailability', 'balance', availabilitySchema, availablePoints);
  post('pg-lm/API/PG/RedeemPoints', 'deduct', redemptionSchema, redeem);
  post('pg-lm/API/PG/ReversalPoints', 'restore', reversalSchema, reverse);
  post(
    'transaction-lm/API/Transaction/GetMemberTransactionSummaryByDate',
    'history',
    historySchema,
    memberHistory,
  );
}

function checkToken(request: FastifyRequest, tokens: Tokens): void {
  const token = /^bearer (.+)$/i.exec(header(request, 'authorization') ?? '')?.[1];
  if (token === undefined)
    throw new ContractViolation(unauthorised, 'Authorization: bearer <JWT> is missing');
  if (!tokens.isAlive(token)) throw new ContractViolation(unauthorised);
}
