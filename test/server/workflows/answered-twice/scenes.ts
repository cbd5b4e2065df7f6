/** How a sale comes to stand where it waits for an operator, in a world that stays as broken as it was. */
import type { Program, RedemptionRequest } from '../../../../src/index.ts';
import { coffeeClub, sandboxPaths } from '../../../../src/programs/sandbox.ts';
import { awaited } from '../../../support/awaited.ts';
import type { TestEnvironment } from '../../../support/environment.ts';
import { providerOf } from '../../../support/program-variants.ts';
import type { Fault, ProgramId } from '../../../support/sandbox-client.ts';
import type { Member, Sandbox } from '../../../support/sandbox.ts';
import { POINTS, type Standing } from './oracle.ts';

export const BALANCE = 1_000;
const FOR_EVER = 1_000_000;

/** One sale and the world that it lives in. */
export interface Scene {
  readonly env: TestEnvironment;
  readonly sandbox: Sandbox;
  readonly program: ProgramId;
  readonly alice: Member;
  readonly request: RedemptionRequest;
}

export interface Setting {
  readonly programs: readonly ProgramId[];
  readonly settings?: Partial<Pick<Program, 'settlingTime' | 'lateWatch'>>;
  readonly overrides?: Partial<RedemptionRequest>;
  /** Of the whole lane: what cannot be told to be one member's. */
  readonly world?: (sandbox: Sandbox, program: ProgramId) => Promise<void>;
  readonly lead: (scene: Scene) => Promise<void>;
}

const both = ['coffee-club', 'travel-miles'] as const;
const wll = ['coffee-club'] as const;
const loyalife = ['travel-miles'] as const;

const atProvider = (
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

const atFulfilment = ({ sandbox, request }: Scene, call: 'fulfil' | 'cancel') =>
  sandbox.fault({
    service: 'fulfilment',
    call,
    fault: 'refuse',
    times: FOR_EVER,
    program: request.program,
    redemptionId: request.redemptionId,
  });

/** Nothing that a look-up finds can be told to be this sale's: WLL does not answer, and Loyalife names no sale. */
const noLookUp = (sandbox: Sandbox, program: ProgramId) =>
  program === 'coffee-club'
    ? sandbox.fault({
        service: 'white-label-loyalty',
        call: 'events',
        fault: 'error-before-commit',
        times: FOR_EVER,
      })
    : sandbox.switch({ historyMerchantName: false });

async function redeem(scene: Scene): Promise<void> {
  const { granted } = await scene.env.redeem(scene.request);
  if (!granted) throw new Error(`${scene.request.redemptionId} was not granted`);
}

async function voided(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.voidSale(scene.request);
}

async function completed(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.capture(scene.request);
  await scene.env.until(scene.request, 'completed');
}

async function lateCaptured(scene: Scene): Promise<void> {
  await redeem(scene);
  await scene.env.until(scene.request, 'compensated');
  await scene.env.capture(scene.request);
  await scene.env.until(scene.request, 'needs-attention');
}

const UNPAID = { paymentDeadlineMs: 1_000 } as const;

/** The late case's points are taken again, in this world. */
function takenAgain(breakWorld: (scene: Scene) => Promise<unknown>) {
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

const lateIn = (breakWorld: (scene: Scene) => Promise<unknown>) => async (scene: Scene) => {
  await lateCaptured(scene);
  await breakWorld(scene);
};

const answersLost = (scene: Scene) => atProvider(scene, 'deduct', 'cut-after-commit');
const neverApplied = (scene: Scene) => atProvider(scene, 'deduct', 'missing-reactor');
async function nothingUndone(scene: Scene) {
  await atFulfilment(scene, 'fulfil');
  await atProvider(scene, 'restore', 'refuse');
}
async function nothingCancelled(scene: Scene) {
  await atFulfilment(scene, 'fulfil');
  await atFulfilment(scene, 'cancel');
}

/** The deduction arrives when the sale was declined for want of it. */
const LATE_MS = 3_000;
const landsLate = {
  overrides: { deductByMs: 2_000 },
  settings: { lateWatch: [LATE_MS + 1_000, 1_000] },
};
async function late(scene: Scene): Promise<void> {
  await atProvider(scene, 'deduct', 'slow', { delayMs: LATE_MS });
  await scene.env.redeem(scene.request);
}

async function unanswered(scene: Scene): Promise<void> {
  await scene.env.redeem(scene.request);
}

/** Somebody else's refund under this sale's id, as of a program that was set up twice. */
async function refundedByAnother({ sandbox, request, alice }: Scene): Promise<void> {
  const { restoration, apiKey, id } = coffeeClub;
  const { redemptionId, store, till } = request;
  const path = `${sandbox.origin}${sandboxPaths.whiteLabelLoyalty}/events/`;
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
async function untilStruck({ sandbox, alice }: Scene): Promise<void> {
  await awaited('the strike of a fault', async () =>
    (await sandbox.faults()).some(({ member, fired }) => member === alice.memberId && fired > 0),
  );
}

/** The standings that a voided payment leads to are reached by the answers of others. */
export const scenes: Readonly<Partial<Record<Standing, Setting>>> = {
  'deduction-unknown': {
    programs: both,
    world: noLookUp,
    lead: async (scene) => {
      await answersLost(scene);
      await unanswered(scene);
    },
  },
  'deduction-not-applied': {
    programs: wll,
    overrides: { deductByMs: 4_000 },
    lead: async (scene) => {
      await neverApplied(scene);
      await unanswered(scene);
    },
  },
  'payment-unknown': {
    programs: both,
    overrides: { paymentDeadlineMs: 60_000 },
    lead: async (scene) => {
      const { program, redemptionId } = scene.request;
      await scene.sandbox.fault({
        service: 'payment',
        call: 'status',
        fault: 'error-before-commit',
        times: FOR_EVER,
        program,
        redemptionId,
      });
      await redeem(scene);
    },
  },
  'discount-not-applied': {
    programs: both,
    lead: async (scene) => {
      await redeem(scene);
      await scene.env.capture(scene.request, { amount: scene.request.basket });
    },
  },
  'cancellation-refused': {
    programs: both,
    lead: async (scene) => {
      await nothingCancelled(scene);
      await redeem(scene);
      await scene.env.capture(scene.request);
    },
  },
  'restoration-refused': {
    programs: both,
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'refuse');
      await voided(scene);
    },
  },
  'restoration-not-applied': {
    programs: wll,
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'missing-reactor');
      await voided(scene);
    },
  },
  'restoration-doubled': {
    programs: wll,
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'error-after-commit', { times: 1 });
      await redeem(scene);
      await refundedByAnother(scene);
      await scene.env.voidSale(scene.request);
    },
  },

  'watch: deduction-unknown': {
    ...landsLate,
    programs: loyalife,
    world: noLookUp,
    lead: late,
  },
  'watch: deduction-not-applied': {
    ...landsLate,
    programs: wll,
    world: (sandbox) => sandbox.switch({ reactionDelayMs: 3_600_000 }),
    lead: late,
  },
  'watch: restoration-refused': {
    ...landsLate,
    programs: both,
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'refuse');
      await late(scene);
    },
  },

  'reversal: cancellation-refused': {
    programs: both,
    lead: async (scene) => {
      await completed(scene);
      await atFulfilment(scene, 'cancel');
      await scene.env.voidSale(scene.request);
    },
  },
  'reversal: restoration-refused': {
    programs: both,
    lead: async (scene) => {
      await completed(scene);
      await atProvider(scene, 'restore', 'refuse');
      await scene.env.voidSale(scene.request);
    },
  },

  'case: late-capture': { programs: both, overrides: UNPAID, lead: lateCaptured },
  'case: late-capture, overspent': {
    programs: wll,
    overrides: UNPAID,
    lead: async (scene) => {
      await takenAgain(() => atProvider(scene, 'deduct', 'slow', { delayMs: 1_500, times: 1 }))(
        scene,
      );
      await untilStruck(scene);
      await scene.sandbox.spend(scene.alice, BALANCE - 100);
    },
  },
  'case: late-capture, answers lost': {
    programs: both,
    overrides: UNPAID,
    world: noLookUp,
    lead: lateIn(answersLost),
  },
  'case: late-capture, never applied': {
    programs: wll,
    overrides: UNPAID,
    lead: lateIn(neverApplied),
  },
  'case: deduction-unknown': {
    programs: both,
    overrides: UNPAID,
    world: noLookUp,
    lead: takenAgain(answersLost),
  },
  'case: deduction-not-applied': {
    programs: wll,
    overrides: UNPAID,
    lead: takenAgain(neverApplied),
  },
  'case: cancellation-refused': {
    programs: both,
    overrides: UNPAID,
    lead: takenAgain(nothingCancelled),
  },
  'case: restoration-refused': {
    programs: both,
    overrides: UNPAID,
    lead: takenAgain(nothingUndone),
  },
};
