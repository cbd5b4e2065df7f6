/** Each ending that costs the same every time, and how a sale comes to it: no message is sent before the last one was taken in. */
import { expect } from 'vitest';
import type { RedemptionRequest, RedemptionView, Status } from '../../../src/index.ts';
import type { TestEnvironment } from '../../support/environment.ts';
import type { ProgramId } from '../../support/sandbox-client.ts';
import type { Member } from '../../support/sandbox.ts';

export interface Ending {
  readonly name: string;
  /** Only where this program can end so. */
  readonly only?: ProgramId;
  readonly member?: { readonly points?: number; readonly state?: 'inactive' };
  /** The program's variant (`test/support/program-variants.ts`). */
  readonly variant?: 'plain' | 'limited';
  readonly request?: Partial<RedemptionRequest>;
  /** Before the till asks. */
  readonly prepare?: (env: TestEnvironment, sale: Sale) => Promise<void>;
  /** While it is not answered yet. */
  readonly meanwhile?: (env: TestEnvironment, sale: Sale) => Promise<void>;
  /** After it was answered. */
  readonly drive?: (env: TestEnvironment, sale: Sale) => Promise<void>;
  readonly ends: Partial<RedemptionView>;
}

export interface Sale {
  readonly program: ProgramId;
  readonly member: Member;
  readonly request: RedemptionRequest;
}

const ACT = { by: 'olivia', why: 'a test' };
const VOIDED = { status: 'compensated', reason: 'payment-voided' } as const;
const SHORT = { paymentDeadlineMs: 1_000 } as const;

const paid: Ending['drive'] = ({ capture }, { request }) => capture(request);
const voided: Ending['drive'] = ({ voidSale }, { request }) => voidSale(request);
const isEnded = (env: TestEnvironment, { request }: Sale) => env.ended(request);
const stands = (env: TestEnvironment, { request }: Sale, status: Status) =>
  env.until(request, status);
const retried = (env: TestEnvironment, { request: { program, redemptionId } }: Sale) =>
  env.client.retry({ program, redemptionId }, ACT);
const resolved = (
  env: TestEnvironment,
  { request: { program, redemptionId } }: Sale,
  resolution: 'accept' | 'deduct-again',
) => env.client.resolve({ program, redemptionId }, { ...ACT, resolution });

async function paidTooLate(env: TestEnvironment, sale: Sale): Promise<void> {
  expect(await isEnded(env, sale)).toMatchObject({ reason: 'payment-timed-out' });
  await env.capture(sale.request);
  await stands(env, sale, 'needs-attention');
}

async function completedAndVoided(env: TestEnvironment, sale: Sale): Promise<void> {
  await env.capture(sale.request);
  await isEnded(env, sale);
  await env.voidSale(sale.request);
}

export const endings: readonly Ending[] = [
  {
    name: 'completed, no fulfilment',
    variant: 'plain',
    drive: paid,
    ends: { status: 'completed' },
  },
  { name: 'completed, fulfilled', drive: paid, ends: { status: 'completed' } },
  {
    name: 'completed, as the payment system said at the deadline',
    request: SHORT,
    prepare: ({ sandbox }, { program, request }) =>
      sandbox.payment(program, request.redemptionId, { status: 'captured' }),
    ends: { status: 'completed' },
  },
  {
    name: 'completed, its deduction refused for the moment and sent again',
    prepare: ({ atProvider }, { program }) => atProvider(program, 'deduct', 'too-many-requests'),
    drive: paid,
    ends: { status: 'completed' },
  },
  {
    name: 'completed, the answer to its deduction lost, and found by a look-up',
    prepare: ({ atProvider }, { program }) => atProvider(program, 'deduct', 'cut-after-commit'),
    drive: paid,
    ends: { status: 'completed' },
  },
  {
    name: 'completed, by a person: the whole basket was paid',
    drive: async (env, sale) => {
      await env.capture(sale.request, { amount: sale.request.basket });
      await stands(env, sale, 'needs-attention');
      await resolved(env, sale, 'accept');
    },
    ends: { status: 'completed' },
  },
  {
    name: 'declined: insufficient-points',
    member: { points: 199 },
    ends: { status: 'declined', reason: 'insufficient-points' },
  },
  {
    name: 'declined: member-unknown',
    request: { member: 'nobody' },
    ends: { status: 'declined', reason: 'member-unknown' },
  },
  {
    name: 'declined: member-inactive',
    only: 'travel-miles',
    member: { state: 'inactive' },
    ends: { status: 'declined', reason: 'member-inactive' },
  },
  {
    name: 'declined: limit',
    variant: 'limited',
    request: { points: 50 },
    ends: { status: 'declined', reason: 'limit' },
  },
  {
    name: 'declined: rejected by the provider',
    prepare: ({ atProvider }, { program }) => atProvider(program, 'deduct', 'refuse'),
    ends: { status: 'declined', reason: 'rejected' },
  },
  { name: 'compensated: payment-voided', drive: voided, ends: VOIDED },
  {
    name: 'compensated: payment-timed-out, nobody to ask',
    variant: 'plain',
    request: SHORT,
    ends: { status: 'compensated', reason: 'payment-timed-out' },
  },
  {
    name: 'compensated: payment-timed-out, the payment system asked',
    request: SHORT,
    ends: { status: 'compensated', reason: 'payment-timed-out' },
  },
  {
    name: 'compensated: fulfilment-failed',
    prepare: ({ atFulfilment }) => atFulfilment('fulfil', 'refuse'),
    drive: paid,
    ends: { status: 'compensated', reason: 'fulfilment-failed' },
  },
  {
    name: 'compensated: overspent',
    only: 'coffee-club',
    member: { points: 250 },
    prepare: ({ atProvider }, { program }) =>
      atProvider(program, 'deduct', 'slow', { delayMs: 700 }),
    meanwhile: async ({ sandbox }, { member }) => {
      await sandbox.struck();
      await sandbox.spend(member, 100);
    },
    ends: { status: 'compensated', reason: 'overspent' },
  },
  {
    name: 'compensated: cancelled',
    drive: async (env, { request }) => {
      await env.handle(request).cancel();
    },
    ends: { status: 'compensated', reason: 'cancelled' },
  },
  {
    name: 'compensated: payment-voided, the restoration refused and tried again',
    prepare: ({ atProvider }, { program }) => atProvider(program, 'restore', 'refuse'),
    drive: async (env, sale) => {
      await env.voidSale(sale.request);
      await stands(env, sale, 'needs-attention');
      await retried(env, sale);
    },
    ends: VOIDED,
  },
  { name: 'completed, then voided', drive: completedAndVoided, ends: VOIDED },
  {
    name: 'completed, then voided, the cancellation refused and tried again',
    prepare: ({ atFulfilment }) => atFulfilment('cancel', 'refuse'),
    drive: async (env, sale) => {
      await completedAndVoided(env, sale);
      await stands(env, sale, 'needs-attention');
      await retried(env, sale);
    },
    ends: VOIDED,
  },
  {
    name: 'paid too late, and accepted',
    request: SHORT,
    drive: async (env, sale) => {
      await paidTooLate(env, sale);
      await resolved(env, sale, 'accept');
    },
    ends: { status: 'compensated' },
  },
  {
    name: 'paid too late, and deducted again',
    request: SHORT,
    drive: async (env, sale) => {
      await paidTooLate(env, sale);
      await resolved(env, sale, 'deduct-again');
    },
    ends: { status: 'completed' },
  },
];
