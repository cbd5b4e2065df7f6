/** Whose points an event moves, and how one of ours is recognised later. */
import { expect, it } from 'vitest';
import { coffeeClub, sandboxPaths } from '../../../../src/programs/sandbox.ts';
import { useProvider, WAIT_MS } from '../../../support/loyalty/provider-test.ts';

const test = useProvider('coffee-club');

/** As a version of ours reported it that named no move. */
async function reportAsBefore(
  origin: string,
  { eventType, secret }: { eventType: string; secret: string },
  event: { subject: string; payload: object },
): Promise<void> {
  const { status } = await fetch(`${origin}${sandboxPaths.whiteLabelLoyalty}/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': coffeeClub.apiKey,
      authorization: `Bearer ${secret}`,
    },
    body: JSON.stringify({ type: eventType, occurredAt: new Date().toISOString(), ...event }),
  });
  expect(status).toBe(200);
}

it('deducts from, and gives back to, the member whose balance was read, whoever has the card meanwhile', async () => {
  const member = await test.member(500);
  const deduction = test.deduction(member, 100);
  const { program, memberId, alias } = member;
  const other = await test.member(500);
  await test.sandbox.addMember({ program, memberId, aliases: [], points: 500 });
  await test.sandbox.addMember({
    program,
    memberId: other.memberId,
    aliases: [alias],
    points: 500,
  });
  const { reference, balance } = await test.provider.deductPoints(deduction, WAIT_MS);
  expect(balance).toBe(400);
  await test.provider.restorePoints(deduction, reference, WAIT_MS);
  expect(await test.movements(member)).toEqual([-100, 100]);
  expect(await test.movements(other)).toEqual([]);
  expect(await test.provider.findRestoration(deduction, reference)).toMatchObject({
    kind: 'found',
    applied: true,
  });
});

it("finds what an earlier version sent: to the till's spelling, without naming the move", async () => {
  const member = await test.member(500);
  const deduction = test.deduction(member, 100);
  const { redemptionId, points } = deduction;
  const payload = { points, redemptionId, program: coffeeClub.id };
  const event = { subject: member.alias, payload };
  await reportAsBefore(test.sandbox.origin, coffeeClub.deduction, event);
  await expect
    .poll(() => test.provider.findDeduction(deduction))
    .toMatchObject({ kind: 'found', applied: true });
  expect(await test.provider.findRestoration(deduction, '')).toEqual({ kind: 'not-found' });
  await reportAsBefore(test.sandbox.origin, coffeeClub.restoration, event);
  await expect
    .poll(() => test.provider.findRestoration(deduction, ''))
    .toMatchObject({ kind: 'found', applied: true });
});

it('finds its events by the move that they name, whatever their types are called now', async () => {
  const member = await test.member(500);
  const deduction = test.deduction(member, 100);
  const { reference } = await test.provider.deductPoints(deduction, WAIT_MS);
  const renamed = test.providerWith({
    deduction: { eventType: 'SPENT_POINTS', secret: 'other' },
    restoration: { eventType: 'REDEEMED_POINTS', secret: 'other' },
  });
  expect(await renamed.findDeduction(deduction)).toMatchObject({ kind: 'found', reference });
  expect(await renamed.ownerOf(deduction, reference)).toBe('ours');
  expect(await renamed.findRestoration(deduction, reference)).toEqual({ kind: 'not-found' });
  const restored = await test.provider.restorePoints(deduction, reference, WAIT_MS);
  expect(await renamed.findRestoration(deduction, reference)).toMatchObject({
    kind: 'found',
    reference: restored.reference,
  });
  expect(await renamed.ownerOf(deduction, restored.reference)).toBe('other');
});
