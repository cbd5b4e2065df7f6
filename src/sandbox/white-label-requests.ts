/** Checks a request as White Label Loyalty does, before it is carried out. Every breach of the contract is counted. */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { coffeeClub } from '../programs/sandbox.ts';
import { describeIssue } from '../schemas/issues.ts';
import type { Ledger, ReportedEvent } from './ledger.ts';
import { header, pathParameter, readJson, ContractViolation } from './service.ts';

const eventTypes = {
  [coffeeClub.deduction.eventType]: { call: 'deduct', secret: coffeeClub.deduction.secret },
  [coffeeClub.restoration.eventType]: { call: 'restore', secret: coffeeClub.restoration.secret },
} as const;
export type EventType = keyof typeof eventTypes;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(eventTypes, type);
}

/** Returns the name of the call for its faults. */
export function callOf(type: EventType): 'deduct' | 'restore' {
  return eventTypes[type].call;
}

/** The payload of both event types: `points`, and anything else that is not personal data. */
export const payloadSchema = z.looseObject({ points: z.int().min(1) });

const reportSchema = z.strictObject({
  type: z
    .string()
    .min(2)
    .max(64)
    .regex(/^[A-Z]+(_[A-Z]+)*$/, 'must be capitals and single underscores'),
  subject: z.string().min(1).max(128),
  executor: z.string().min(1).max(128).optional(),
  payload: payloadSchema,
  occurredAt: z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' })
    .regex(/\.\d+/, 'must have a fraction of a second'),
});
export type Report = z.infer<typeof reportSchema> & { readonly type: EventType };

const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number);

/** The defaults are not published [?], so they are chosen here: 100 events, oldest first. */
const listSchema = z.strictObject({
  limit: wholeNumber.pipe(z.int().min(1).max(1_000)).default(100),
  skip: wholeNumber.default(0),
  order: z.enum(['ASC', 'DESC'], { error: 'must be ASC or DESC' }).default('ASC'),
  filter: z.string().optional(),
});
export type ListQuery = z.infer<typeof listSchema>;

export function checkApiKey(request: FastifyRequest): void {
  const key = header(request, 'x-api-key');
  if (key === undefined) throw breach(401, 'X-Api-Key is missing');
  if (key !== coffeeClub.apiKey) throw refused(401, 'Unknown X-Api-Key');
}

export function readReport(request: FastifyRequest, ledger: Ledger): Report {
  const report = readJson(request, reportSchema, (why) => breach(400, why));
  const { type, subject, payload } = report;
  if (!isEventType(type)) throw refused(404, 'No such event type');
  checkSecret(request, eventTypes[type].secret);
  if (ledger.member(coffeeClub.id, subject) === undefined) throw refused(404, 'No such user');
  checkPrivacy(payload, ledger.spellings(coffeeClub.id, subject));
  return { ...report, type };
}

/** Finds the event that the path names. */
export function readEvent(request: FastifyRequest, ledger: Ledger): ReportedEvent {
  const id = pathParameter(request, 'id');
  const event = /^\d{1,15}$/.test(id) ? ledger.events[Number(id) - 1] : undefined;
  if (event === undefined) throw refused(404, 'No such event');
  return event;
}

export function readUserId(request: FastifyRequest): string {
  readQuery(request, z.strictObject({ locale: z.string().optional() }));
  return pathParameter(request, 'userId');
}

export function readSettingName(request: FastifyRequest): string {
  const name = pathParameter(request, '*');
  if (!/^[a-zA-Z./]{2,64}$/.test(name)) throw breach(400, 'the name of a setting is malformed');
  return name;
}

export function readList(request: FastifyRequest): ListQuery {
  return readQuery(request, listSchema);
}

export function refused(status: number, message: string): ContractViolation {
  return new ContractViolation({ status, body: { message } });
}

function checkSecret(request: FastifyRequest, secret: string): void {
  const authorization = header(request, 'authorization');
  if (authorization === undefined)
    throw breach(403, "Authorization with the type's secret is missing");
  if (authorization !== `Bearer ${secret}`) throw refused(403, 'Wrong secret of the event type');
}

/** Refuses personal data in a payload, because events outlive the user's deletion [D]. */
function checkPrivacy(value: unknown, spellings: readonly string[]): void {
  if (typeof value === 'string') {
    if (value.includes('@') || spellings.some((spelling) => value.includes(spelling)))
      throw breach(400, 'the payload holds personal data: an e-mail address or the member');
  } else if (typeof value === 'object' && value !== null) {
    for (const entry of Object.values(value)) checkPrivacy(entry, spellings);
  }
}

function readQuery<Schema extends z.ZodType>(
  request: FastifyRequest,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse({ ...(request.query as object) });
  if (!parsed.success) throw breach(400, `query: ${describeIssue(parsed.error)}`);
  return parsed.data;
}

function breach(status: number, why: string): ContractViolation {
  return new ContractViolation({ status, body: { message: why } }, why);
}
