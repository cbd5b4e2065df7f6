/** How a sale comes to stand where it waits for an operator, in a world that stays as broken as it was. */
import { lookUpOf } from '../../../support/environment.ts';
import { providerOf } from '../../../support/program-variants.ts';
import type { Standing } from './oracle.ts';
import {
  BALANCE,
  FOR_EVER,
  UNPAID,
  answersLost,
  atFulfilment,
  atProvider,
  both,
  completed,
  giveUpAsking,
  landsLate,
  late,
  lateCaptured,
  lateIn,
  loyalife,
  neverApplied,
  noLookUp,
  nothingCancelled,
  nothingUndone,
  redeem,
  refundedByAnother,
  takenAgain,
  unanswered,
  untilStruck,
  voided,
  wll,
  type Setting,
} from './worlds.ts';

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
    overrides: { deductByMs: 8_000 },
    lead: async (scene) => {
      await neverApplied(scene);
      await unanswered(scene);
    },
  },
  'payment-unknown': {
    programs: wll,
    overrides: UNPAID,
    hurry: giveUpAsking,
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
    programs: wll,
    lead: async (scene) => {
      await redeem(scene);
      await scene.env.capture(scene.request, { amount: scene.request.basket });
    },
  },
  'cancellation-refused': {
    programs: loyalife,
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
  'restoration-unknown': {
    programs: both,
    world: (sandbox, program) =>
      sandbox.fault({
        service: providerOf(program),
        call: lookUpOf(program),
        fault: 'refuse',
        times: FOR_EVER,
      }),
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'cut-after-commit', { times: 1 });
      await voided(scene);
    },
  },
  'restoration-doubled': {
    programs: wll,
    lead: async (scene) => {
      await redeem(scene);
      await refundedByAnother(scene);
      await atProvider(scene, 'restore', 'error-after-commit', { times: 1 });
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
    programs: loyalife,
    lead: async (scene) => {
      await atProvider(scene, 'restore', 'refuse');
      await late(scene);
    },
  },

  'reversal: cancellation-refused': {
    programs: wll,
    lead: async (scene) => {
      await completed(scene);
      await atFulfilment(scene, 'cancel');
      await scene.env.voidSale(scene.request);
    },
  },
  'reversal: restoration-refused': {
    programs: loyalife,
    lead: async (scene) => {
      await completed(scene);
      await atProvider(scene, 'restore', 'refuse');
      await scene.env.voidSale(scene.request);
    },
  },

  'case: late-capture': { programs: loyalife, overrides: UNPAID, lead: lateCaptured },
  'case: late-capture, paid in full': {
    programs: loyalife,
    overrides: UNPAID,
    lead: async (scene) => {
      await lateCaptured(scene);
      const { request, env } = scene;
      await env.capture(request, { amount: request.basket });
    },
  },
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
    programs: loyalife,
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
    programs: wll,
    overrides: UNPAID,
    lead: takenAgain(nothingCancelled),
  },
  'case: restoration-refused': {
    programs: loyalife,
    overrides: UNPAID,
    lead: takenAgain(nothingUndone),
  },
};
