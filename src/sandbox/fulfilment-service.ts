/** The merchant's fulfilment service. It gives each order once, cancels it, and remembers a cancellation that came first. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { fulfilmentSecret } from '../programs/sandbox.ts';
import { idSchema, moneySchema } from '../schemas/redemption.ts';
import type { Fault } from './faults.ts';
import type { FulfilmentRecord } from './ledger.ts';
import { readSale } from './payment-system.ts';
import {
  countBreach,
  header,
  mount,
  readJson,
  ContractViolation,
  type Answer,
  type Sandbox,
  type Service,
} from './service.ts';
import { checkSignature } from './signing.ts';

const path = '/fulfilments/:program/:redemptionId';

const service: Service = {
  name: 'fulfilment',
  refuse: (fault) => ({
    status: fault.httpStatus ?? (fault.call === 'cancel' ? 409 : 422),
    body: { message: 'Refused on demand' },
  }),
};

const orderSchema = z.strictObject({
  points: z.int().min(1),
  discount: moneySchema,
  store: idSchema,
  till: idSchema,
});
interface Sale {
  readonly program: string;
  readonly redemptionId: string;
}
/** `order` is JSON with its fields in the order of the schema, so that two orders with the same content are equal. */
type Order = Sale & { readonly order: string };

export function fulfilmentService(app: FastifyInstance, sandbox: Sandbox): void {
  mount(app, sandbox, service, {
    method: 'PUT',
    path,
    read: (request): Order => {
      const sale = readRequest(request, 'fulfil');
      const order = readJson(request, orderSchema, (why) => breach(400, why));
      return { ...sale, order: JSON.stringify(order) };
    },
    fault: (order) => ({ call: 'fulfil', ...order }),
    perform: (order, fault) => fulfil(sandbox, order, fault),
  });
  mount(app, sandbox, service, {
    method: 'DELETE',
    path,
    read: (request): Sale => readRequest(request, 'cancel'),
    fault: (sale) => ({ call: 'cancel', ...sale }),
    perform: (sale) => cancel(sandbox, sale),
  });
}

function fulfil(sandbox: Sandbox, asked: Order, fault: Fault | undefined): Answer {
  const { ledger, switches } = sandbox;
  const known = ledger.fulfilment(asked.program, asked.redemptionId);
  if (known?.state === 'cancelled') return { status: 410, body: { message: 'It was cancelled' } };
  if (known !== undefined && known.order !== asked.order) {
    const why = 'the order differs from the first one under its Idempotency-Key';
    countBreach(sandbox, service.name, `PUT ${path}`, why);
    return { status: 409, body: { message: why } };
  }
  if (known?.state === 'fulfilled') return { status: 200, body: { reference: known.reference } };
  const first: FulfilmentRecord = {
    ...asked,
    state: 'pending',
    times: 0,
    pendingAnswers: 0,
    reference: randomUUID(),
  };
  const record = known ?? first;
  if (fault?.fault === 'pending' || record.pendingAnswers < switches.fulfilmentPendingCount) {
    const pendingAnswers = record.pendingAnswers + 1;
    ledger.commit({ type: 'fulfilment', fulfilment: { ...record, pendingAnswers } });
    return { status: 202, body: { message: 'Still working' } };
  }
  const times = record.times + 1;
  ledger.commit({ type: 'fulfilment', fulfilment: { ...record, state: 'fulfilled', times } });
  return { status: 201, body: { reference: record.reference } };
}

function cancel({ ledger }: Sandbox, sale: Sale): Answer {
  const known = ledger.fulfilment(sale.program, sale.redemptionId);
  if (known === undefined) {
    const nothing = { times: 0, pendingAnswers: 0, order: null, reference: '' };
    ledger.commit({ type: 'fulfilment', fulfilment: { ...sale, state: 'cancelled', ...nothing } });
    return { status: 404, body: { message: 'Nothing was given; its fulfilment will be refused' } };
  }
  if (known.state !== 'cancelled')
    ledger.commit({ type: 'fulfilment', fulfilment: { ...known, state: 'cancelled' } });
  return { status: 200, body: { cancelled: true } };
}

function readRequest(request: FastifyRequest, verb: 'fulfil' | 'cancel'): Sale {
  checkSignature(request, fulfilmentSecret);
  const sale = readSale(request);
  const key = `${sale.program}:${sale.redemptionId}:${verb}`;
  if (header(request, 'idempotency-key') !== key)
    throw breach(400, `Idempotency-Key must be <program>:<redemptionId>:${verb}`);
  return sale;
}

function breach(status: number, why: string): ContractViolation {
  return new ContractViolation({ status, body: { message: why } }, why);
}
