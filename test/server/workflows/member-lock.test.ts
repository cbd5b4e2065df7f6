/** Where the provider lets a member overspend, the tills that redeem for one member take turns. */
import { describe, expect, it } from 'vitest';
import { sandboxKeyRing } from '../../../src/encryption/key-ring.ts';
import { connectPrograms } from '../../../src/worker/connect-programs.ts';
import { createMemberLocks } from '../../../src/worker/member-locks.ts';
import { awaited } from '../../support/awaited.ts';
import type { Member } from '../../support/sandbox.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const { redeem, status, moved } = env;

const member = (points: number) => env.sandbox.member('coffee-club', points);

async function lowest(alice: Member): Promise<number | undefined> {
  return (await env.sandbox.ledger(alice)).members[0]?.lowest;
}

function lockNameOf({ program, memberId }: Member): string {
  const services = connectPrograms(env.programs, sandboxKeyRing).get(program);
  if (services === undefined) throw new Error(`no program ${program}`);
  return services.lockNameOf(memberId);
}

const hold = (alice: Member, milliseconds: number) =>
  createMemberLocks(env.temporal).take(lockNameOf(alice), milliseconds);

describe('tills that redeem for one member at the same time', () => {
  it('are granted as many as the points suffice for, and never more', async () => {
    await env.sandbox.switch({ reactionDelayMs: 300 });
    const alice = await member(1_000);
    const answers = await Promise.all(Array.from({ length: 12 }, () => redeem(env.request(alice))));
    const declined = answers.filter(({ granted }) => !granted);
    expect(declined.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 7 }, () => 'insufficient-points'),
    );
    expect(declined.map((answer) => answer.status)).toEqual(declined.map(() => 'declined'));
    expect(await moved(alice)).toEqual(Array.from({ length: 5 }, () => -200));
    expect(await lowest(alice)).toBe(0);
  });

  it('take turns also when they name the member by different aliases', async () => {
    await env.sandbox.switch({ reactionDelayMs: 300 });
    const alice = await member(300);
    const answers = await Promise.all(
      [alice.memberId, alice.alias].map((spelling) =>
        redeem(env.request(alice, { member: spelling })),
      ),
    );
    expect(answers.filter(({ granted }) => granted)).toHaveLength(1);
    expect(answers.find(({ granted }) => !granted)).toMatchObject({
      status: 'declined',
      reason: 'insufficient-points',
    });
    expect(await moved(alice)).toEqual([-200]);
    expect(await lowest(alice)).toBe(100);
  });
});

describe('the turn of a member', () => {
  it('keeps no other member waiting', async () => {
    const [alice, bob] = await Promise.all([member(1_000), member(1_000)]);
    const turn = await hold(alice, 60_000);
    const waiting = env.request(alice);
    const answer = redeem(waiting);
    await env.until(waiting, 'deducting');
    expect(await redeem(env.request(bob))).toMatchObject({ granted: true });
    expect(await status(waiting)).toMatchObject({ status: 'deducting' });
    expect(await moved(alice)).toEqual([]);
    await turn?.release();
    expect(await answer).toMatchObject({ granted: true });
    expect(await moved(alice)).toEqual([-200]);
    expect(await moved(bob)).toEqual([-200]);
  });

  it('ends by itself when the worker that took it died', async () => {
    const alice = await member(1_000);
    expect(await hold(alice, 2_000)).toBeDefined();
    expect(await hold(alice, 2_000)).toBeUndefined();
    expect(await redeem(env.request(alice))).toMatchObject({ granted: true });
    expect(await moved(alice)).toEqual([-200]);
  });

  it('lasts on the server for as long as its holder counts, and has nothing scheduled', async () => {
    const alice = await member(1_000);
    const turn = await hold(alice, 60_000);
    const { raw } = await env.temporal.workflow.getHandle(lockNameOf(alice)).describe();
    const { runExpirationTime } = raw.workflowExtendedInfo ?? {};
    const { startTime, historyLength } = raw.workflowExecutionInfo ?? {};
    const seconds = Number(runExpirationTime?.seconds) - Number(startTime?.seconds);
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(Number(historyLength)).toBe(1);
    await turn?.release();
    expect(await moved(alice)).toEqual([]);
  });

  it('that does not come in time is an answer, and nothing was taken', async () => {
    const alice = await member(1_000);
    const turn = await hold(alice, 60_000);
    expect(await redeem(env.request(alice, { deductByMs: 2_000 }))).toMatchObject({
      status: 'declined',
      reason: 'too-late',
      granted: false,
    });
    await turn?.release();
    expect(await moved(alice)).toEqual([]);
  });

  it('is given on by who had it last: the next till need not wait for its end', async () => {
    const alice = await member(1_000);
    for (const _ of [1, 2, 3])
      expect(await redeem(env.request(alice))).toMatchObject({ granted: true });
    expect(await hold(alice, 1_000)).toBeDefined();
    expect(await moved(alice)).toEqual([-200, -200, -200]);
  });

  it('has a name that does not tell the member', async () => {
    const alice = await member(1_000);
    await redeem(env.request(alice, { member: alice.alias }));
    const workflowId = lockNameOf(alice);
    await awaited('the turn in the list', async () => {
      const { count } = await env.temporal.workflow.count(
        `WorkflowType = 'memberTurn' AND WorkflowId = '${workflowId}'`,
      );
      return count > 0;
    });
    expect(workflowId).not.toContain(alice.memberId);
    expect(workflowId).not.toContain('example.com');
  });
});
