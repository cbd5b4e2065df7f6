/** Look-ups that cannot succeed: the points that they hide become visible to a person. */
import { describe, expect, it } from 'vitest';
import { coffeeClub, sandboxPaths } from '../../../src/programs/sandbox.ts';
import { lookUpOf } from '../../support/environment.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';
import { ACT, VOIDED } from '../../support/words.ts';

const env = useTestEnvironment();
const { redeem, voidSale, atProvider, moved } = env;

const NOT_FOUND = { status: 'declined', reason: 'provider-failed' } as const;
const FOR_EVER = { times: 1_000_000 };

describe.each(bothPrograms)('when every look-up at the provider of %s fails,', (program) => {
  it('a person is asked about a restoration whose look-ups are refused', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { program: `${program}-impatient` });
    await redeem(request);
    await atProvider(program, 'restore', 'cut-after-commit');
    await atProvider(program, lookUpOf(program), 'refuse', FOR_EVER);
    await voidSale(request);
    const view = await env.until(request, 'needs-attention');
    expect(view).toMatchObject({ reason: 'restoration-unknown', acts: ['retry', 'restored'] });
    expect(view.message).toMatch(/whether the points went back cannot be seen/);
    await env.sandbox.clearFaults();
    await env.client.retry(request, ACT);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it.each(['refuse', 'error-before-commit'] as const)(
    'a person is asked about a deduction that may have landed late (%s)',
    async (fault) => {
      const alice = await env.sandbox.member(program, 1_000);
      const request = env.request(alice, { program: `${program}-impatient`, deductByMs: 4_000 });
      await atProvider(program, 'deduct', 'slow', { delayMs: 5_000 });
      expect(await redeem(request)).toMatchObject(NOT_FOUND);
      await atProvider(program, lookUpOf(program), fault, FOR_EVER);
      const view = await env.until(request, 'needs-attention');
      expect(view).toMatchObject({ reason: 'deduction-unknown', granted: false });
      expect(await moved(alice)).toEqual([-200]);
      await env.sandbox.clearFaults();
      await env.client.retry(request, ACT);
      expect(await env.ended(request)).toMatchObject({
        status: 'compensated',
        reason: 'late-deduction',
      });
      expect(await moved(alice)).toEqual([-200, 200]);
    },
  );

  it('a watch that a person has let look again goes on as before when nothing is there', async () => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice, { program: `${program}-impatient`, deductByMs: 4_000 });
    await atProvider(program, 'deduct', 'cut-before-commit');
    expect(await redeem(request)).toMatchObject(NOT_FOUND);
    await atProvider(program, lookUpOf(program), 'refuse', FOR_EVER);
    await env.until(request, 'needs-attention');
    await env.sandbox.clearFaults();
    await env.client.retry(request, ACT);
    expect(await env.until(request, 'declined')).toMatchObject({ reason: 'provider-failed' });
    await env.temporal.workflow
      .getHandle(`watch:${request.program}:${request.redemptionId}`)
      .terminate('the test is over');
  });
});

describe('at a provider that lists the events of everybody', () => {
  const program = 'coffee-club';

  /** Somebody else's event, whose report has so many bytes. */
  async function report(subject: string, bytes: number): Promise<void> {
    const body = (padding: string) =>
      JSON.stringify({
        type: coffeeClub.restoration.eventType,
        subject,
        payload: { points: 1, padding },
        occurredAt: new Date().toISOString(),
      });
    const response = await fetch(`${env.sandbox.origin}${sandboxPaths.whiteLabelLoyalty}/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': coffeeClub.apiKey,
        authorization: `Bearer ${coffeeClub.restoration.secret}`,
      },
      body: body('x'.repeat(bytes - body('').length)),
    });
    expect(response.status).toBe(200);
  }

  it('large events of others hide no lost restoration', async () => {
    const bob = await env.sandbox.member(program, 0);
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    for (let count = 0; count < 200; count += 1) await report(bob.memberId, 6_000);
    await atProvider(program, 'restore', 'cut-after-commit');
    await voidSale(request);
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('a person is asked at once when one event alone is too large to be read', async () => {
    const bob = await env.sandbox.member(program, 0);
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await redeem(request);
    await report(bob.memberId, 1_048_576);
    await atProvider(program, 'restore', 'cut-after-commit');
    await voidSale(request);
    expect(await env.until(request, 'needs-attention')).toMatchObject({
      reason: 'restoration-unknown',
    });
    const { redemptionId } = request;
    await env.client.resolve({ program, redemptionId }, { ...ACT, resolution: 'restored' });
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200]);
  });
});
