/** The merchant's payment system. It answers what the control API set (`PUT /payments/:program/:redemptionId`). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { paymentSecret } from '../programs/sandbox.ts';
import { idSchema } from '../schemas/redemption.ts';
import { mount, pathParameter, ContractViolation, type Sandbox, type Service } from './service.ts';
import { checkSignature } from './signing.ts';

const service: Service = {
  name: 'payment',
  refuse: (fault) => ({ status: fault.httpStatus ?? 400, body: { message: 'Refused on demand' } }),
};

export function paymentSystem(app: FastifyInstance, sandbox: Sandbox): void {
  mount(app, sandbox, service, {
    method: 'GET',
    path: '/payments/:program/:redemptionId',
    read: (request) => {
      checkSignature(request, paymentSecret);
      return readSale(request);
    },
    fault: (sale) => ({ call: 'status', ...sale }),
    perform: ({ program, redemptionId }) => {
      const payment = sandbox.ledger.payment(program, redemptionId);
      return payment === undefined
        ? { status: 404, body: { message: 'No payment' } }
        : { status: 200, body: payment.state };
    },
  });
}

/** Reads the sale that the path names. @throws ContractViolation with 400 */
export function readSale(request: FastifyRequest): { program: string; redemptionId: string } {
  const program = idSchema.safeParse(pathParameter(request, 'program'));
  const redemptionId = idSchema.safeParse(pathParameter(request, 'redemptionId'));
  if (program.success && redemptionId.success)
    return { program: program.data, redemptionId: redemptionId.data };
  const why = 'the path must name a program and a redemptionId of 1 to 64 of A-Z a-z 0-9 . _ -';
  throw new ContractViolation({ status: 400, body: { message: why } }, why);
}
