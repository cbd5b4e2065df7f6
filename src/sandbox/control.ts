/** The sandbox's control API for tests and demonstrations. It takes plain JSON and asks for no credentials. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { coffeeClub, travelMiles } from '../programs/sandbox.ts';
import { firstIssue } from '../schemas/issues.ts';
import { idSchema, MAX_POINTS, moneySchema } from '../schemas/redemption.ts';
import { faultSchema } from './faults.ts';
import { memberStates } from './ledger.ts';
import { newReference } from './loyalife-points.ts';
import { rawBody, type Sandbox } from './service.ts';
import { switchesSchema } from './switches.ts';

const programs = [coffeeClub.id, travelMiles.id] as const;
const program = z.enum(programs, { error: `must be one of ${programs.join(', ')}` });
const spelling = z.string().min(1, 'must not be empty').max(128, 'must be at most 128 characters');

export const memberSchema = z
  .strictObject({
    program,
    memberId: spelling,
    aliases: z.array(spelling).default([]),
    points: z.int().min(-MAX_POINTS).max(MAX_POINTS),
    state: z
      .enum(memberStates, { error: `must be one of ${memberStates.join(', ')}` })
      .default('active'),
  })
  .refine((member) => member.state === 'active' || member.program === travelMiles.id, {
    path: ['state'],
    error: `must be active: only ${travelMiles.id} knows other states`,
  });

const spendSchema = z.strictObject({
  program,
  memberId: spelling,
  points: z.int().min(1).max(MAX_POINTS),
});

const saleSchema = z.strictObject({ program: idSchema, redemptionId: idSchema });

const paymentStatuses = ['captured', 'voided', 'pending', 'none'] as const;
export const paymentSchema = z.strictObject({
  status: z.enum(paymentStatuses, { error: `must be one of ${paymentStatuses.join(', ')}` }),
  paymentId: z.string().min(1).optional(),
  amount: moneySchema.shape.amount.optional(),
  currency: moneySchema.shape.currency.optional(),
});

const ledgerSchema = z.strictObject({
  program: z.string().optional(),
  member: z.string().optional(),
});

/** The control API refuses a request with 400 and the field, or with another status. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal';
  readonly status: number;
  readonly field: string;

  constructor(status: number, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export function control(app: FastifyInstance, sandbox: Sandbox): void {
  app.get('/healthz', () => ({ status: 'ok' }));
  controlPoints(app, sandbox);
  controlPayments(app, sandbox);
  showLedger(app, sandbox);
  controlFaults(app, sandbox);
}

function controlPoints(app: FastifyInstance, { ledger }: Sandbox): void {
  app.post('/members', (request, reply) => {
    const { points, ...member } = read(request, memberSchema);
    for (const alias of [member.memberId, ...member.aliases]) {
      const owner = ledger.member(member.program, alias);
      if (owner !== undefined && owner.memberId !== member.memberId)
        throw new ControlRefusal(409, 'aliases', 'means another member already');
    }
    ledger.commit({ type: 'member', member: { ...member, points, lowest: points } });
    return created(reply, ledger.member(member.program, member.memberId));
  });

  app.post('/spend', (request, reply) => {
    const spend = read(request, spendSchema);
    const member = ledger.member(spend.program, spend.memberId);
    if (member === undefined) throw new ControlRefusal(404, 'memberId', 'is not a member');
    ledger.commit({
      type: 'movement',
      movement: {
        program: spend.program,
        memberId: member.memberId,
        kind: 'other',
        points: -spend.points,
        reference: newReference(),
        at: new Date().toISOString(),
        spelling: spend.memberId,
        merchantName: 'Another channel',
        loyaltyTxnType: travelMiles.transactionType,
      },
    });
    return created(reply, ledger.movements.at(-1));
  });
}

function controlPayments(app: FastifyInstance, { ledger }: Sandbox): void {
  app.put('/payments/:program/:redemptionId', (request) => {
    const payment = {
      ...parse(saleSchema, { ...(request.params as object) }),
      state: read(request, paymentSchema),
    };
    ledger.commit({ type: 'payment', payment });
    return payment;
  });
}

function showLedger(app: FastifyInstance, { ledger }: Sandbox): void {
  app.get('/ledger', (request) => {
    const asked = parse(ledgerSchema, { ...(request.query as object) });
    const ofProgram = (entry: { program: string }) =>
      asked.program === undefined || entry.program === asked.program;
    const members = ledger.members
      .filter(ofProgram)
      .filter(
        ({ memberId, aliases }) =>
          asked.member === undefined || [memberId, ...aliases].includes(asked.member),
      );
    return {
      members,
      movements: ledger.movements.filter((movement) =>
        members.some(
          (member) => member.program === movement.program && member.memberId === movement.memberId,
        ),
      ),
      fulfilments: ledger.fulfilments.filter(ofProgram),
      violations: ledger.violations,
    };
  });
}

function controlFaults(app: FastifyInstance, { faults, switches }: Sandbox): void {
  app.get('/faults', () => ({ faults: faults.list() }));
  app.post('/faults', (request, reply) => {
    const fault = read(request, faultSchema);
    faults.add(fault);
    return created(reply, fault);
  });
  app.delete('/faults', (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });

  app.get('/switches', () => switches);
  app.post('/switches', (request) =>
    Object.assign(switches, read(request, switchesSchema.partial())),
  );
}

function read<Schema extends z.ZodType>(request: FastifyRequest, schema: Schema): z.infer<Schema> {
  let content: unknown;
  try {
    content = JSON.parse(rawBody(request));
  } catch {
    throw new ControlRefusal(400, '', 'the body must be JSON');
  }
  return parse(schema, content);
}

function parse<Schema extends z.ZodType>(schema: Schema, content: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const { field, message } = firstIssue(parsed.error);
  throw new ControlRefusal(400, field, message);
}

function created(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.code(201).send(body);
}
