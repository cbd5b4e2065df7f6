/** Shared by the four services: a call is checked against its contract, struck by a fault if one is due, and answered. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { describeIssue } from '../schemas/issues.ts';
import type { CallName, Fault, Faults, FaultTarget, ServiceName } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Switches } from './switches.ts';
import type { Timers } from './timers.ts';

export interface Sandbox {
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly switches: Switches;
  readonly timers: Timers;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** Thrown while a request is checked. `breach` says what broke the contract. Without it, the refusal is not counted. */
export class ContractViolation extends Error {
  override readonly name = 'ContractViolation';
  readonly answer: Answer;
  readonly breach: string | undefined;

  constructor(answer: Answer, breach?: string) {
    super(breach ?? 'refused');
    this.answer = answer;
    this.breach = breach;
  }
}

export interface Service {
  readonly name: ServiceName;
  /** Refuses on demand, in the service's own manner. A provider's message names the member, as real ones do. */
  refuse(fault: Fault, member: string | undefined): Answer;
  /** Fails on demand, in the service's own manner. Without this function the answer is HTTP 500. */
  fail?(fault: Fault): Answer;
}

export interface Call<Input> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Checks the request before any fault can strike. @throws ContractViolation */
  read(request: FastifyRequest): Input;
  /** Names the call for its faults, and what the request is about. Absent if no fault can strike it. */
  fault?(input: Input): FaultTarget & { readonly call: CallName };
  /** Commits at once, without a pause in which something else could happen, and answers. */
  perform(input: Input, fault: Fault | undefined): Answer;
}

/** Mounts one call of a service. */
export function mount<Input>(
  app: FastifyInstance,
  sandbox: Sandbox,
  service: Service,
  call: Call<Input>,
): void {
  app.route({
    method: call.method,
    url: call.path,
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      let input: Input;
      try {
        input = call.read(request);
      } catch (error) {
        if (!(error instanceof ContractViolation)) throw error;
        if (error.breach !== undefined)
          countBreach(sandbox, service.name, `${call.method} ${call.path}`, error.breach);
        return send(reply, error.answer);
      }
      const target = call.fault?.(input);
      const fault = target && sandbox.faults.take(service.name, target.call, target);
      const member = target?.memberSpellings?.[0];
      return answer(reply, sandbox.timers, service, { fault, member }, () =>
        call.perform(input, fault),
      );
    },
  });
}

export function countBreach(sandbox: Sandbox, service: string, call: string, why: string): void {
  const at = new Date().toISOString();
  sandbox.ledger.commit({ type: 'violation', violation: { service, call, why, at } });
}

async function answer(
  reply: FastifyReply,
  timers: Timers,
  service: Service,
  { fault, member }: { readonly fault: Fault | undefined; readonly member: string | undefined },
  perform: () => Answer,
): Promise<FastifyReply> {
  const fail = (cause: Fault) =>
    send(
      reply,
      service.fail?.(cause) ?? { status: 500, body: { message: 'Something went wrong' } },
    );
  if (fault?.fault.endsWith('-after-commit')) perform();
  switch (fault?.fault) {
    case 'refuse':
      return send(reply, service.refuse(fault, member));
    case 'unauthorized':
      return send(reply, { status: 401, body: { message: 'Unauthorized' } });
    case 'too-many-requests':
      return send(reply.header('retry-after', '1'), {
        status: 429,
        body: { message: 'Too many requests' },
      });
    case 'hang-before-commit':
    case 'hang-after-commit':
      return reply.hijack();
    case 'cut-before-commit':
    case 'cut-after-commit':
      reply.request.raw.socket.destroy();
      return reply.hijack();
    case 'error-before-commit':
    case 'error-after-commit':
      return fail(fault);
    case 'unreadable-after-commit':
      return reply.code(200).type('application/json').send('{"results": <html>');
    case 'slow':
      await timers.wait(fault.delayMs ?? 0);
      return send(reply, perform());
    default:
      return send(reply, perform());
  }
}

function send(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (body === undefined) return reply.code(status).send();
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** Parses the body by the schema. @throws what `refuse` makes of a fault */
export function readJson<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
  refuse: (why: string, error?: z.ZodError) => Error,
): z.infer<Schema> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw refuse('the content type must be application/json');
  let content: unknown;
  try {
    content = JSON.parse(rawBody(request));
  } catch {
    throw refuse('the body must be JSON');
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw refuse(describeIssue(parsed.error), parsed.error);
  return parsed.data;
}

/** Returns the body byte for byte as it came, because a signature covers it. */
export function rawBody(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

/** Returns the path byte for byte as it came, with its prefix and without the query. */
export function rawPath(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? '';
}

export function pathParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? '';
}

export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
