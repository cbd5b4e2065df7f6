/** What a key of another store, or a stolen one, tries at the gateway. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type Answer, type Gateway } from '../../support/gateway/gateway.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env, { places: 16 });
});
afterAll(() => gateway.close());

const told = ({ status, body }: Answer) => JSON.stringify({ status, body });

describe('an id of another store', () => {
  it('cannot be squatted, and the refusal does not tell whether it exists', async () => {
    const honest = gateway.newKey({ stores: ['S12'] });
    const foreign = gateway.newKey({ stores: ['S99'] });
    const member = await env.sandbox.member('coffee-club', 500);
    const request = env.request(member, { store: 'S12', redemptionId: `S12-T3-${Date.now()}` });
    const squatting = { ...request, store: 'S99', member: 'nobody' };

    const before = await gateway.post('/v1/redemptions', squatting, { key: foreign });
    const answer = await gateway.post('/v1/redemptions', request, { key: honest });
    expect(answer).toMatchObject({ status: 201, body: { granted: true } });
    const after = await gateway.post('/v1/redemptions', squatting, { key: foreign });
    expect(before.status).toBe(403);
    expect(told(after)).toBe(told(before));
    await env.voidSale(request);
    await env.ended(request);
  });

  it('is answered like one that does not exist, to every question', async () => {
    const foreign = gateway.newKey({
      stores: ['S99'],
      programs: ['coffee-club'],
      scopes: ['read', 'payments', 'operate'],
    });
    const member = await env.sandbox.member('coffee-club', 500);
    const request = env.request(member, { store: 'S12', redemptionId: `S12-${Date.now()}` });
    // A key for every store may use any id, so this sale of S12 has an id of S99.
    const misnamed = env.request(member, { store: 'S12', redemptionId: `S99-${Date.now()}` });
    for (const sale of [request, misnamed])
      expect((await gateway.post('/v1/redemptions', sale)).status).toBe(201);
    const act = { by: 'me', why: 'test' };
    const ask = async (path: string) => [
      await gateway.get(path, { key: foreign }),
      await gateway.post(`${path}/capture`, {}, { key: foreign }),
      await gateway.post(`${path}/void`, {}, { key: foreign }),
      await gateway.post(`${path}/retry`, act, { key: foreign }),
      await gateway.post(`${path}/resolve`, { ...act, resolution: 'accept' }, { key: foreign }),
    ];
    const answers = await Promise.all(
      [
        `coffee-club/${request.redemptionId}`,
        `coffee-club/${misnamed.redemptionId}`,
        'coffee-club/S12-never',
        'coffee-club/S99-never',
        'travel-miles/S99-never',
        'no-program/S99-never',
      ].map((sale) => ask(`/v1/redemptions/${sale}`)),
    );
    expect(new Set(answers.flat().map(told)).size).toBe(1);
    expect(answers[0]?.[0]).toMatchObject({
      status: 404,
      body: { type: 'urn:points-redemption:problem:unknown-redemption' },
    });
    for (const sale of [request, misnamed]) {
      expect((await env.status(sale)).status).toBe('awaiting-payment');
      await env.voidSale(sale);
      await env.ended(sale);
    }
  });

  it('tells nothing of a sale whose id begins like its own, whatever became of it', async () => {
    // `S1-`, the prefix of S1, is also the beginning of the ids of a store S1-2.
    const scopes = ['read', 'payments', 'operate'] as const;
    const [foreign, own] = ['S1', 'S1-2'].map((store) =>
      gateway.newKey({ stores: [store], scopes: [...scopes] }),
    );
    const member = await env.sandbox.member('coffee-club', 500);
    const request = env.request(member, { store: 'S1-2', redemptionId: `S1-2-${Date.now()}` });
    await env.redeem(request);
    const path = `/v1/redemptions/coffee-club/${request.redemptionId}`;
    const act = { by: 'me', why: 'test' };
    const ask = (key: string | undefined) =>
      Promise.all([
        gateway.get(path, { key }),
        gateway.post(`${path}/void`, {}, { key }),
        gateway.post(`${path}/capture`, {}, { key }),
        gateway.post(`${path}/retry`, act, { key }),
        gateway.post(`${path}/resolve`, { ...act, resolution: 'accept' }, { key }),
      ]);

    const open = await ask(foreign);
    await env.stopWorker();
    const unattended = await ask(foreign);
    await env.handle(request).terminate('by force');
    const forced = await ask(foreign);
    await env.startWorker();
    expect(new Set([...open, ...unattended, ...forced].map(told)).size).toBe(1);
    expect(open[0]?.status).toBe(404);
    expect((await ask(own)).map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
  });

  it('may be used where the key names its prefix', async () => {
    const key = gateway.newKey({ stores: ['S12'], idPrefixes: ['POS7-', 'POS8-'] });
    const member = await env.sandbox.member('coffee-club', 500);
    const sale = env.request(member, { store: 'S12', redemptionId: `POS8-${Date.now()}` });
    expect((await gateway.post('/v1/redemptions', sale, { key })).status).toBe(201);
    const other = { ...sale, redemptionId: `S12-${Date.now()}` };
    expect((await gateway.post('/v1/redemptions', other, { key })).status).toBe(403);
    await env.voidSale(sale);
    await env.ended(sale);
  });
});

/** With 16 places, there are 8 for a key and 1 for a store under it. */
describe('a key that waits for everything it can', () => {
  it('gets its share of the places, and a till that hangs up gives its place back at once', async () => {
    await env.stopWorker();
    const attacker = gateway.newKey();
    const till = new AbortController();
    const asked = Array.from({ length: 20 }, (_, n) => `A${n}`);
    const member = await env.sandbox.member('coffee-club', 100_000);
    const statuses: number[] = [];
    const requests = asked.map((store) => env.request(member, { store, points: 1 }));
    const waits = requests.map((request) =>
      gateway
        .post('/v1/redemptions', request, {
          key: attacker,
          signal: till.signal,
          headers: { prefer: 'wait=60' },
        })
        .then(
          ({ status }) => void statuses.push(status),
          () => undefined,
        ),
    );
    // Twelve are refused while eight wait.
    await expect.poll(() => statuses.length, { timeout: 10_000 }).toBe(12);
    expect(new Set(statuses)).toEqual(new Set([503]));

    await env.startWorker();
    const honest = env.request(await env.sandbox.member('coffee-club', 500));
    const headers = { prefer: 'wait=30' };
    expect((await gateway.post('/v1/redemptions', honest, { headers })).status).toBe(201);

    till.abort();
    await Promise.all(waits);
    const next = env.request(await env.sandbox.member('coffee-club', 500));
    await expect
      .poll(async () => (await gateway.post('/v1/redemptions', next, { key: attacker })).status, {
        timeout: 5_000,
      })
      .toBeLessThan(300);
    for (const request of [...requests, honest, next])
      await env.voidSale(request).catch(() => undefined);
    for (const request of [honest, next]) await env.ended(request);
    for (const request of requests) await env.ended(request).catch(() => undefined);
  });
});
