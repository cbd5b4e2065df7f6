/** The sandbox's programs, as tests use them. */
import type { Program, Programs } from '../../src/index.ts';
import type { ProgramId } from './sandbox-client.ts';

export const bothPrograms = ['coffee-club', 'travel-miles'] as const;

/** Beside each program: `-plain` without services of its own, `-limited` with limits and several payment attempts, `-watched` with short look-ups and a short watch, `-impatient` with a settling time that is over at once. */
export function withVariants(programs: Programs): Programs {
  const none = { kind: 'none' } as const;
  const limits = { minPoints: 100, stepPoints: 50, maxPercentOfBasket: 50 };
  const variants = [...programs.values()].flatMap((program): Program[] => [
    program,
    { ...program, id: `${program.id}-plain`, payment: none, fulfilment: none },
    { ...program, id: `${program.id}-limited`, limits, paymentAttempts: 'many' },
    {
      ...program,
      id: `${program.id}-watched`,
      settlingTime: 1_000,
      lateWatch: [1_000, 2_000, 4_000],
    },
    { ...program, id: `${program.id}-impatient`, settlingTime: 100, lateWatch: [3_000, 60_000] },
  ]);
  return new Map(variants.map((program) => [program.id, program]));
}

/** The same programs after their owner has changed the names that the provider knows them by. */
export function renamed(programs: Programs): Programs {
  return new Map(
    [...programs.values()].map((program) => [
      program.id,
      program.provider === 'loyalife'
        ? { ...program, merchantName: 'Amazon India' }
        : { ...program, deduction: { ...program.deduction, eventType: 'SPENT_POINTS' } },
    ]),
  );
}

export function currencyOf(programs: Programs, program: string): string {
  const found = programs.get(program);
  if (found === undefined) throw new Error(`no program ${program}`);
  return found.currency;
}

/** Which of the sandbox's services has the program's members. */
export function providerOf(program: ProgramId): 'white-label-loyalty' | 'loyalife' {
  return program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
}
