/** What a sale is known by at its provider may change while it is open: a program's names, and whose a card is. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { bothPrograms, renamed } from '../../support/program-variants.ts';
import type { Member } from '../../support/sandbox.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, capture, voidSale, atProvider, moved } = env;

async function startRenamedWorker(): Promise<void> {
  await env.stopWorker();
  onTestFinished(async () => {
    await env.stopWorker();
    await env.startWorker();
  });
  await env.startWorker({ programs: renamed(env.programs) });
}

describe.each(bothPrograms)(
  'after the names in the programs file have changed, a deduction of %s',
  (program) => {
    it('is given back under the names of its sale', async () => {
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice);
      await redeem(request);
      await capture(request);
      await env.ended(request);
      await startRenamedWorker();
      await voidSale(request);
      expect(await env.ended(request)).toMatchObject(VOIDED);
      expect(await moved(alice)).toEqual([-200, 200]);
    });

    it('is found and given back when it lands after the decline', async () => {
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice, { program: `${program}-watched`, deductByMs: 4_000 });
      await atProvider(program, 'deduct', 'slow', { delayMs: 6_000 });
      expect(await redeem(request)).toMatchObject({
        status: 'declined',
        reason: 'provider-failed',
      });
      await startRenamedWorker();
      expect(await env.until(request, 'compensated')).toMatchObject({ reason: 'late-deduction' });
      expect(await moved(alice)).toEqual([-200, 200]);
    });
  },
);

describe('at a provider that knows a member by several names', () => {
  const program = 'coffee-club';

  /** Alice's card is given to Bob, who has some points of his own. */
  async function passCard(alice: Member, points: number): Promise<Member> {
    const bob = await env.sandbox.member(program, 500);
    await env.sandbox.addMember({ program, memberId: alice.memberId, aliases: [], points });
    const aliases = [bob.alias, alice.alias];
    await env.sandbox.addMember({ program, memberId: bob.memberId, aliases, points: 500 });
    return bob;
  }

  it('the points of a void go back to the member who spent them, whoever has the card now', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { member: alice.alias });
    await redeem(request);
    await capture(request);
    await env.ended(request);
    const bob = await passCard(alice, 800);
    await atProvider(program, 'restore', 'cut-after-commit');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
    expect(await moved(bob)).toEqual([]);
  });

  it('the points that a late capture takes again are those of the member who had them back', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { member: alice.alias, paymentDeadlineMs: 1_000 });
    await redeem(request);
    await env.ended(request);
    const bob = await passCard(alice, 1_000);
    await capture(request);
    await env.until(request, 'needs-attention');
    const { redemptionId } = request;
    await env.client.resolve({ program, redemptionId }, { ...ACT, resolution: 'deduct-again' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    expect(await moved(alice)).toEqual([-200, 200, -200]);
    expect(await moved(bob)).toEqual([]);
  });
});
