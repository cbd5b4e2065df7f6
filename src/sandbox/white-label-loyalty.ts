/**
 * Plays White Label Loyalty, written from docs/providers/white-label-loyalty.md and never from the adapter. The balance may
 * go below zero, an accepted event moves points only once its reactor has run, there is no idempotency, and a list ignores
 * its `filter`.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { coffeeClub } from '../programs/sandbox.ts';
import type { FaultTarget } from './faults.ts';
import type { Ledger, ReportedEvent } from './ledger.ts';
import { RateLimit } from './rate-limit.ts';
import { pointsOf, Reactors, redemptionIdOf } from './reactors.ts';
import {
  mount,
  pathParameter,
  type Answer,
  type Call,
  type Sandbox,
  type Service,
} from './service.ts';
import type { Switches } from './switches.ts';
import {
  callOf,
  checkApiKey,
  isEventType,
  payloadSchema,
  readEvent,
  readList,
  readReport,
  readSettingName,
  readUserId,
  refused,
  type ListQuery,
  type Report,
} from './white-label-requests.ts';

const service: Service = {
  name: 'white-label-loyalty',
  refuse: (fault, member = 'nobody') => ({
    status: fault.httpStatus ?? 400,
    body: { message: `Refused on demand for ${member}` },
  }),
};

export function whiteLabelLoyalty(app: FastifyInstance, sandbox: Sandbox): void {
  const reactors = new Reactors(sandbox);
  const rateLimit = new RateLimit(100, 400);
  const route = <Input>(call: Call<Input>) =>
    mount(app, sandbox, service, {
      ...call,
      read: (request) => {
        checkApiKey(request);
        if (sandbox.switches.rateLimit && !rateLimit.admits())
          throw refused(429, 'Too many requests');
        return call.read(request);
      },
    });
  route(wallet(sandbox));
  route(setting(sandbox));
  route(reportEvent(sandbox, reactors));
  route(testReaction(sandbox));
  route(listEvents(sandbox));
  route(oneEvent(sandbox));
  route(reactionsOfEvent(sandbox));
  route(eventType(sandbox));
}

const wallet = ({ ledger, switches }: Sandbox): Call<string> => ({
  method: 'GET',
  path: '/users/:userId/wallet',
  read: readUserId,
  fault: (userId) => ({ call: 'balance', ...aboutMember(ledger, userId) }),
  perform: (userId) => {
    const member = ledger.member(coffeeClub.id, userId);
    if (member === undefined) return notFound('No such user');
    const points = below(switches.walletPointer, member.points);
    return wrapped(switches, { userId: member.memberId, ...points });
  },
});

const setting = ({ switches }: Sandbox): Call<string> => ({
  method: 'GET',
  path: '/settings/*',
  read: readSettingName,
  fault: () => ({ call: 'rate', program: coffeeClub.id }),
  perform: (name) =>
    name === coffeeClub.rate.setting
      ? wrapped(switches, { name, value: coffeeClub.rate.value })
      : notFound('No such setting'),
});

const reportEvent = ({ ledger, switches }: Sandbox, reactors: Reactors): Call<Report> => ({
  method: 'POST',
  path: '/events',
  read: (request) => readReport(request, ledger),
  fault: (report) => ({ call: callOf(report.type), ...aboutEvent(ledger, report) }),
  perform: (report, fault) => {
    if (switches.duplicateDetection && isDuplicate(report, ledger.events))
      return { status: 409, body: { message: 'Duplicate event' } };
    return wrapped(switches, onWire(switches, reactors.accept(report, fault)));
  },
});

const testReaction = ({ ledger, switches }: Sandbox): Call<Report> => ({
  method: 'POST',
  path: '/events/test_reaction',
  read: (request) => readReport(request, ledger),
  perform: (report) => wrapped(switches, [{ type: 'POINTS', points: pointsOf(report) }]),
});

const listEvents = ({ ledger, switches }: Sandbox): Call<ListQuery> => ({
  method: 'GET',
  path: '/events/',
  read: readList,
  fault: () => ({ call: 'events', program: coffeeClub.id }),
  perform: ({ limit, skip, order }) => {
    const events = order === 'DESC' ? ledger.events.toReversed() : ledger.events;
    const page = events.slice(skip, skip + limit);
    return wrapped(
      switches,
      page.map((event) => onWire(switches, event)),
    );
  },
});

const oneEvent = ({ ledger, switches }: Sandbox): Call<ReportedEvent> => ({
  method: 'GET',
  path: '/events/:id',
  read: (request) => readEvent(request, ledger),
  fault: (event) => ({ call: 'event', ...aboutEvent(ledger, event) }),
  perform: (event) => wrapped(switches, onWire(switches, event)),
});

const reactionsOfEvent = ({ ledger, switches }: Sandbox): Call<ReportedEvent> => ({
  method: 'GET',
  path: '/events/:id/reactions',
  read: (request) => readEvent(request, ledger),
  fault: (event) => ({ call: 'reactions', ...aboutEvent(ledger, event) }),
  perform: (event) => wrapped(switches, event.reactions),
});

const eventType = ({ switches }: Sandbox): Call<string> => ({
  method: 'GET',
  path: '/event_types/:identifier',
  read: (request) => pathParameter(request, 'identifier'),
  perform: (identifier) =>
    isEventType(identifier)
      ? wrapped(switches, { identifier, private: true, schema: z.toJSONSchema(payloadSchema) })
      : notFound('No such event type'),
});

function wrapped(switches: Switches, body: unknown): Answer {
  return { status: 200, body: switches.bareEnvelope ? body : { data: body } };
}

function notFound(message: string): Answer {
  return { status: 404, body: { message } };
}

function onWire(switches: Switches, event: ReportedEvent) {
  const { type, subject, payload, occurredAt, createdAt } = event;
  const id = switches.eventIds === 'string' ? String(event.id) : event.id;
  return { id, type, subject, payload, occurredAt, createdAt };
}

/** Makes the object in which the JSON pointer finds the value. */
function below(pointer: string, value: number): object {
  const names = pointer.slice(1).split('/');
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

function aboutMember(ledger: Ledger, spelling: string): FaultTarget {
  return { program: coffeeClub.id, memberSpellings: ledger.spellings(coffeeClub.id, spelling) };
}

function aboutEvent(
  ledger: Ledger,
  event: Pick<ReportedEvent, 'subject' | 'payload'>,
): FaultTarget {
  return { ...aboutMember(ledger, event.subject), redemptionId: redemptionIdOf(event.payload) };
}

/** Compares with all earlier events, because the provider's own rule is not published [?]. */
function isDuplicate(report: Report, events: readonly ReportedEvent[]): boolean {
  const payload = JSON.stringify(report.payload);
  return events.some(
    (event) =>
      event.type === report.type &&
      event.subject === report.subject &&
      JSON.stringify(event.payload) === payload,
  );
}
