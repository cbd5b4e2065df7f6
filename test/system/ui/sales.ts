/** A sale in each status, held there as long as an operator may look at it. */
import type { RedemptionRequest, Status } from '../../../src/index.ts';
import type { TestEnvironment } from '../../support/environment.ts';
import type { Fault } from '../../support/sandbox-client.ts';

export interface Kept {
  readonly status: Status;
  /** What the sandbox does to every such call. */
  readonly faults?: readonly Pick<Fault, 'service' | 'call' | 'fault'>[];
  readonly points?: number;
  readonly payment?: 'capture' | 'void';
}

const provider = 'white-label-loyalty';

export const kept: readonly Kept[] = [
  {
    status: 'checking-balance',
    faults: [{ service: provider, call: 'balance', fault: 'error-before-commit' }],
  },
  {
    status: 'deducting',
    faults: [{ service: provider, call: 'deduct', fault: 'too-many-requests' }],
  },
  {
    status: 'resolving-deduction',
    faults: [
      { service: provider, call: 'deduct', fault: 'cut-after-commit' },
      { service: provider, call: 'events', fault: 'error-before-commit' },
    ],
  },
  { status: 'awaiting-payment' },
  {
    status: 'fulfilling',
    faults: [{ service: 'fulfilment', call: 'fulfil', fault: 'pending' }],
    payment: 'capture',
  },
  {
    status: 'compensating',
    faults: [{ service: provider, call: 'restore', fault: 'too-many-requests' }],
    payment: 'void',
  },
  { status: 'completed', payment: 'capture' },
  { status: 'declined', points: 5_000 },
  { status: 'compensated', payment: 'void' },
  {
    status: 'needs-attention',
    faults: [{ service: provider, call: 'restore', fault: 'refuse' }],
    payment: 'void',
  },
];

/** Resolves when it stands there; the till that started it is not waited for. */
export async function keep(
  env: TestEnvironment,
  { status, faults = [], points = 500, payment }: Kept,
): Promise<RedemptionRequest> {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice, { points, deductByMs: 60_000, store: 'S12' });
  for (const fault of faults) await env.sandbox.fault({ ...fault, rate: 1 });
  const answer = env.client.redeem(request);
  // Abandoned with its sale, where that is held before its answer.
  answer.catch(() => undefined);
  if (payment !== undefined) {
    await answer;
    await env.client[payment](request);
  }
  await env.until(request, status);
  return request;
}
