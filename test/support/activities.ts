/** Our activities in the process of a test, beside a sandbox and without a Temporal server. */
import type { Dependencies } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import type { DeductionOrder } from '../../src/domain/orders.ts';
import { sandboxKeyRing } from '../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../src/worker/connect-programs.ts';
import type { Member, Sandbox } from './sandbox.ts';

/** What a test does not give them, they must not use. */
export function activitiesAt(
  { programs }: Sandbox,
  { clock, memberLocks }: Partial<Pick<Dependencies, 'clock' | 'memberLocks'>> = {},
) {
  const never = (what: string) => Promise.reject(new Error(`nothing is ${what}`));
  return createActivities({
    programs: connectPrograms(programs, sandboxKeyRing),
    clock: clock ?? { now: () => Date.now(), sleep: () => never('waited for') },
    memberLocks: memberLocks ?? { take: () => never('locked') },
    redemptionsWith: () => Promise.resolve([]),
    passOn: () => Promise.resolve(),
  });
}

/** For 200 points, from now on. */
export function orderOf(
  { program, memberId }: Member,
  { now, leftMs, answerMs }: { now: number; leftMs: number; answerMs: number },
): DeductionOrder {
  return {
    program,
    redemptionId: 'R1',
    member: memberId,
    memberId,
    points: 200,
    discountMinor: 200,
    store: 'S1',
    till: 'T1',
    since: new Date(now).toISOString(),
    deductBy: now + leftMs,
    answerMs,
    settlingMs: 1_000,
    lateWatchMs: [],
  };
}
