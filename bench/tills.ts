/** A till of each kind: it redeems and is answered, reports the payment, and can wait for the end. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { workflowIdOf } from '../src/domain/temporal-names.ts';
import { sandboxKeyRing } from '../src/encryption/key-ring.ts';
import { RedemptionClient } from '../src/index.ts';
import { connectPrograms } from '../src/worker/connect-programs.ts';
import { memberOf, type House } from './house.ts';
import type { PlainSale } from './plain/activities.ts';
import { PLAIN_QUEUE } from './plain/queue.ts';

export interface GrantedSale {
  /** The workflow ids of everything that runs for it. */
  readonly runs: readonly string[];
  pay(): Promise<void>;
  ended(): Promise<unknown>;
}

/** Resolves with the answer. @throws Error when it is no */
export type Till = () => Promise<GrantedSale>;

const POINTS = 100;
const PLACE = { store: 'S1', till: 'T1' } as const;

let count = 0;
const newSale = () => ({
  redemptionId: `R-${randomUUID().slice(0, 13)}`,
  member: memberOf((count += 1)),
  points: POINTS,
});

/** Every sale is another member's, unless one is named. */
export function ourTill(
  { temporals, programs }: House,
  kind: 'encrypted' | 'clear',
  program: string,
  onlyMember?: string,
): Till {
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

export function plainTill(house: House, program: string): Till {
  const discount = { amount: '1.00', currency: currencyOf(house.programs, program) };
  return () => {
    const sale = { ...newSale(), ...PLACE, program, discount, discountMinor: 100 };
    return started(house, 'plainSaga', { ...sale, since: new Date().toISOString() });
  };
}

export function emptyTill(house: House): Till {
  return () => started(house, 'emptyWorkflow');
}

async function started(
  { temporals }: House,
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

function currencyOf(programs: House['programs'], program: string): string {
  const found = programs.get(program);
  if (found === undefined) throw new Error(`no program ${program}`);
  return found.currency;
}
