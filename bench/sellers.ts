/** A seller of each kind: it redeems and is answered, reports the payment, and can wait for the end. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { workflowIdOf } from '../src/domain/temporal-names.ts';
import { sandboxKeyRing } from '../src/encryption/key-ring.ts';
import { RedemptionClient } from '../src/index.ts';
import { connectPrograms } from '../src/worker/connect-programs.ts';
import { currencyOf } from '../test/support/program-variants.ts';
import type { PlainSale } from './plain/activities.ts';
import { PLAIN_QUEUE } from './plain/queue.ts';
import { memberOf, type BenchStack } from './stack.ts';

export interface GrantedSale {
  /** The workflow ids of everything that runs for it. */
  readonly runs: readonly string[];
  pay(): Promise<void>;
  ended(): Promise<unknown>;
}

/** Resolves with the answer. @throws Error when it is no */
export type Seller = () => Promise<GrantedSale>;

const POINTS = 100;
const PLACE = { store: 'S1', till: 'T1' } as const;

let count = 0;
const newSale = () => ({
  redemptionId: `R-${randomUUID().slice(0, 13)}`,
  member: memberOf((count += 1)),
  points: POINTS,
});

/** Every sale is another member's, unless one is named. */
export function ourSeller(
  { temporals, programs }: BenchStack,
  kind: 'encrypted' | 'clear',
  program: string,
  onlyMember?: string,
): Seller {
  const temporal = temporals[kind];
  const client = new RedemptionClient({ temporal, programs });
  const services = connectPrograms(programs, sandboxKeyRing).get(program);
  const currency = currencyOf(programs, program);
  return async () => {
    const sale = newSale();
    const { redemptionId } = sale;
    const member = onlyMember ?? sale.member;
    const basket = { amount: '200.00', currency };
    const answer = await client.redeem({ ...sale, ...PLACE, program, member, basket });
    if (!answer.granted)
      throw new Error(
        `${program}: ${answer.status} ${answer.reason ?? ''} ${answer.message ?? ''}`,
      );
    const workflowId = workflowIdOf('redemption', { program, redemptionId });
    return {
      runs: [workflowId, ...(services === undefined ? [] : [services.lockNameOf(member)])],
      pay: () => client.capture({ program, redemptionId }),
      ended: () => temporal.workflow.getHandle(workflowId).result(),
    };
  };
}

export function plainSeller(stack: BenchStack, program: string): Seller {
  const discount = { amount: '1.00', currency: currencyOf(stack.programs, program) };
  return () => {
    const sale = { ...newSale(), ...PLACE, program, discount, discountMinor: 100 };
    return started(stack, 'plainSaga', { ...sale, since: new Date().toISOString() });
  };
}

export function emptySeller(stack: BenchStack): Seller {
  return () => started(stack, 'emptyWorkflow');
}

async function started(
  { temporals }: BenchStack,
  type: 'plainSaga' | 'emptyWorkflow',
  ...args: PlainSale[]
): Promise<GrantedSale> {
  const workflowId = `${type}:${randomUUID()}`;
  const answer = await temporals.plain.workflow.executeUpdateWithStart('pointsDeducted', {
    startWorkflowOperation: new WithStartWorkflowOperation(type, {
      workflowId,
      taskQueue: PLAIN_QUEUE,
      args,
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  if (answer !== 'granted') throw new Error(`${type}: ${String(answer)}`);
  const handle = temporals.plain.workflow.getHandle(workflowId);
  return {
    runs: [workflowId],
    pay: () => handle.signal('paymentCaptured'),
    ended: () => handle.result(),
  };
}
