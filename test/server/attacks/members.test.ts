/** A stolen key tries members, by quotes and by redemptions. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGateway, type Gateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const TURN_MS = 400;
const MOST_WAITING = 3;

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env, {
    memberLimits: { requestsPerMinute: 5, unknownMembers: 4, turnMs: TURN_MS },
  });
});
afterAll(() => gateway.close());

const quote = (member: string, key = gateway.key) =>
  gateway.post('/v1/quotes', { program: 'coffee-club', member, points: 100 }, { key });

it('shows a balance to a key with its scope alone, and never in words', async () => {
  const { memberId } = await env.sandbox.member('coffee-club', 777);
  const till = gateway.newKey({ scopes: ['quote', 'redeem'] });
  expect((await quote(memberId, till)).body).not.toHaveProperty('balance');
  const key = gateway.newKey({ scopes: ['quote', 'balance'] });
  expect((await quote(memberId, key)).body).toMatchObject({ redeemable: true, balance: 777 });
  const more = { program: 'coffee-club', member: memberId, points: 5_000 };
  const answer = await gateway.post('/v1/quotes', more);
  expect(answer.body).toMatchObject({ redeemable: false, reason: 'insufficient-points' });
  expect(JSON.stringify(answer.body)).not.toContain('777');
});

it('asks about one member only a few times a minute, by quotes and redemptions together', async () => {
  const member = await env.sandbox.member('coffee-club', 500);
  const key = gateway.newKey();
  for (let count = 0; count < 5; count += 1)
    expect((await quote(member.memberId, key)).status).toBe(200);
  const refused = await quote(member.memberId, key);
  expect(refused).toMatchObject({
    status: 429,
    body: { type: 'urn:points-redemption:problem:too-many-requests' },
  });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
  const request = env.request(member);
  expect((await gateway.post('/v1/redemptions', request, { key })).status).toBe(429);
  await expect(env.status(request)).rejects.toThrow('no redemption');
  // Another key, such as that of an honest till, is not concerned.
  expect((await quote(member.memberId)).status).toBe(200);
});

it.each(['quotes', 'redemptions'] as const)(
  'is reported and waits its turn after naming many unknown members in %s',
  async (kind) => {
    const key = gateway.newKey();
    const known = await env.sandbox.member('coffee-club', 500);
    const attempt = (member: string) =>
      kind === 'quotes'
        ? quote(member, key)
        : gateway.post('/v1/redemptions', env.request({ ...known, memberId: member }), { key });
    const used = env.request(known);
    expect((await gateway.post('/v1/redemptions', used, { key })).status).toBe(201);
    gateway.takeLog();
    for (let count = 0; count < 4; count += 1) {
      const { body } = await attempt(`guessed-${kind}-${count}`);
      expect(body['reason']).toBe('member-unknown');
    }
    const log = gateway.takeLog();
    expect(log).toContain('many members whom the provider does not know');
    expect(log).not.toContain('guessed');

    // Ten at once: a few wait for their turn, the others are refused. Turns that pass while they arrive let more in.
    const started = performance.now();
    const waiting = Array.from({ length: 10 }, (_, n) => attempt(`guessed-${kind}-more-${n}`));
    let isOver = false;
    const answers = Promise.all(waiting).finally(() => (isOver = true));

    // A member whom this key knows does not wait for a turn; nor does any member of another key.
    expect((await quote(known.memberId, key)).status).toBe(200);
    expect((await quote(known.memberId)).status).toBe(200);
    expect(isOver).toBe(false);

    const refused = (await answers).filter(({ status }) => status === 429).length;
    const turns = Math.floor((performance.now() - started) / TURN_MS);
    expect(refused).toBeLessThanOrEqual(10 - MOST_WAITING);
    expect(refused).toBeGreaterThanOrEqual(10 - MOST_WAITING - turns);
    await env.voidSale(used);
    await env.ended(used);
  },
);
