/** A sale, and what goes wrong around it for ever. */
import type { Program, RedemptionRequest } from '../../../../src/index.ts';
import { workflowIdOf } from '../../../../src/domain/temporal-names.ts';
import { coffeeClub, sandboxPaths } from '../../../../src/programs/sandbox.ts';
import { isGrpcServiceError } from '@temporalio/client';
import { google } from '@temporalio/proto';
import { awaited } from '../../../support/awaited.ts';
import type { TestEnvironment } from '../../../support/environment.ts';
import { providerOf } from '../../../support/program-variants.ts';
import type { Fault, ProgramId } from '../../../support/sandbox-client.ts';
import type { Member, Sandbox } from '../../../support/sandbox.ts';
import { POINTS } from './oracle.ts';

export const BALANCE = 1_000;
const GRPC_NOT_FOUND = 5;
export const FOR_EVER = 1_000_000;

/** One sale and the world that it lives in. */
export interface Scene {
  readonly env: TestEnvironment;
  readonly sandbox: Sandbox;
  readonly program: ProgramId;
  readonly alice: Member;
  readonly request: RedemptionRequest;
}

export interface Setting {
  /** One where the provider makes no difference, because each sale takes its time. */
  readonly programs: readonly ProgramId[];
  readonly settings?: Partial<Pick<Program, 'settlingTime' | 'lateWatch'>>;
  readonly overrides?: Partial<RedemptionRequest>;
  /** Of the whole lane: what cannot be told to be one member's. */
  readonly world?: (sandbox: Sandbox, program: ProgramId) => Promise<void>;
  readonly lead: (scene: Scene) => Promise<void>;
  /** Time passes for what would be waited for too long. */
  readonly hurry?: (scene: Scene) => Promise<void>;
}

export const both = ['coffee-club', 'travel-miles'] as const;
export const wll = ['coffee-club'] as const;
export const loyalife = ['travel-miles'] as const;

export const atProvider = (
  { sandbox, program, alice }: Scene,
  call: Fault['call'],
  fault: Fault['fault'],
  more: Partial<Fault> = {},
) =>
  sandbox.fault({
    service: providerOf(program),
    call,
    fault,
    times: FOR_EVER,
    member: alice.memberId,
    ...more,
  });

export const atFulfilment = ({ sandbox, request }: Scene, call: 'fulfil' | 'cancel') =>
  sandbox.fault({
    service: 'fulfilment',
    call,
    fault: 'refuse',
    times: FOR_EVER,
    program: request.program,
    redemptionId: request.redemptionId,
  });

/** Nothing that a look-up finds can be told to be this sale's: WLL does not answer, and Loyalife names no sale. */
export const noLookUp = (sandbox: Sandbox, program: ProgramId) =>
  program === 'coffee-club'
    ? sandbox.fault({
        service: 'white-label-loyalty',
        call: 'events',
        fault: 'error-before-commit',
        times: FOR_EVER,
      })
    : sandbox.switch({ historyMerchantName: false });

export async function redeem(scene: Scene): Promise<void> {
  const { granted } = await scene.env.redeem(scene.request);
  if (!granted) throw new Error(`${scene.request.redemptionId} was not granted`);
}

export async function voided(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.voidSale(scene.request);
}

export async function completed(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.capture(scene.request);
  await scene.env.until(scene.request, 'completed');
}

export async function lateCaptured(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.until(scene.request, 'compensated');
  await scene.env.capture(scene.request);
  await scene.env.until(scene.request, 'needs-attention');
}

export const UNPAID = { paymentDeadlineMs: 1_000 } as const;

/** The late case's points are taken again, in this world. */
export function takenAgain(breakWorld: (scene: Scene) => Promise<unknown>) {
  return async (scene: Scene) => {
    await lateCaptured(scene);
    await breakWorld(scene);
    const { program, redemptionId } = scene.request;
    await scene.env.client.resolve(
      { program, redemptionId },
      { by: 'olivia', why: 'the customer paid', resolution: 'deduct-again' },
    );
  };
}

export const lateIn = (breakWorld: (scene: Scene) => Promise<unknown>) => async (scene: Scene) => {
  await lateCaptured(scene);
  await breakWorld(scene);
};

export const answersLost = (scene: Scene) => atProvider(scene, 'deduct', 'cut-after-commit');
export const neverApplied = (scene: Scene) => atProvider(scene, 'deduct', 'missing-reactor');
export async function nothingUndone(scene: Scene) {
  await atFulfilment(scene, 'fulfil');
  await atProvider(scene, 'restore', 'refuse');
}
export async function nothingCancelled(scene: Scene) {
  await atFulfilment(scene, 'fulfil');
  await atFulfilment(scene, 'cancel');
}

/** The deduction arrives when the sale was declined for want of it. */
const LATE_MS = 9_000;
export const landsLate = {
  overrides: { deductByMs: 6_000 },
  settings: { lateWatch: [LATE_MS - 3_000, 1_000] },
};
export async function late(scene: Scene): Promise<void> {
  await atProvider(scene, 'deduct', 'slow', { delayMs: LATE_MS });
  await scene.env.redeem(scene.request);
}

export async function unanswered(scene: Scene): Promise<void> {
  await scene.env.redeem(scene.request);
}

/** Somebody else's refund under this sale's id, as of a program that was set up twice. */
export async function refundedByAnother({ sandbox, request, alice }: Scene): Promise<void> {
  const { restoration, apiKey, id } = coffeeClub;
  const { redemptionId, store, till } = request;
  const path = `${sandbox.origin}${sandboxPaths.whiteLabelLoyalty}/events`;
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': apiKey,
      authorization: `Bearer ${restoration.secret}`,
    },
    body: JSON.stringify({
      type: restoration.eventType,
      subject: alice.memberId,
      payload: { points: POINTS, program: request.program, redemptionId, store, till },
      occurredAt: new Date().toISOString(),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${id}: ${response.status} ${await response.text()}`);
}

/** A fault of this member's has struck: what it slows is under way. */
export async function untilStruck({ sandbox, alice }: Scene): Promise<void> {
  await awaited('the strike of a fault', async () =>
    (await sandbox.faults()).some(({ member, fired }) => member === alice.memberId && fired > 0),
  );
}

/** The payment system is asked for ten minutes: from now on, no longer. */
export async function giveUpAsking({ env, request }: Scene): Promise<void> {
  const workflowId = workflowIdOf('redemption', request);
  const handle = env.temporal.workflow.getHandle(workflowId);
  const { raw } = await handle.describe();
  const asking = raw.pendingActivities?.find(
    ({ activityType }) => activityType?.name === 'askPayment',
  );
  if (asking === undefined) return;
  const limited = env.temporal.workflowService.updateActivityOptions({
    namespace: env.temporal.options.namespace,
    execution: { workflowId },
    type: 'askPayment',
    activityOptions: {
      scheduleToCloseTimeout: google.protobuf.Duration.fromObject({ seconds: 1 }),
    },
    updateMask: { paths: ['schedule_to_close_timeout'] },
  });
  await limited.catch((error: unknown) => {
    // It was answered since it was seen.
    if (!isGrpcServiceError(error) || error.code !== GRPC_NOT_FOUND) throw error;
  });
}
