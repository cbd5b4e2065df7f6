import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGateway, type Gateway } from '../../support/gateway/gateway.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import type { Member } from '../../support/sandbox.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway(env);
});
afterAll(() => gateway.close());

const ask = (member: Member, overrides = {}) => env.request(member, overrides);
const pathOf = ({ program, redemptionId }: { program: string; redemptionId: string }) =>
  `/v1/redemptions/${program}/${redemptionId}`;

describe.each(bothPrograms)('a till of %s', (program) => {
  it('is granted a redemption, pays, and sees it completed', async () => {
    const member = await env.sandbox.member(program, 500);
    const request = ask(member);
    const granted = await gateway.post('/v1/redemptions', request);
    expect(granted.status).toBe(201);
    expect(granted.headers.get('location')).toBe(pathOf(request));
    expect(granted.body).toMatchObject({
      program,
      redemptionId: request.redemptionId,
      status: 'awaiting-payment',
      granted: true,
      points: 200,
      providerReference: expect.any(String),
    });
    expect(granted.body).not.toHaveProperty('timeline');

    const captured = await gateway.post(`${pathOf(request)}/capture`, { eventId: 'e-1' });
    expect(captured).toMatchObject({
      status: 202,
      body: { program, redemptionId: request.redemptionId, eventId: 'e-1' },
    });
    await env.ended(request);
    const story = await gateway.get(pathOf(request));
    expect(story).toMatchObject({ status: 200, body: { status: 'completed', store: 'S1' } });
    expect(story.body['timeline']).toEqual(
      expect.arrayContaining([{ at: expect.any(String), what: 'completed' }]),
    );
    expect(await env.moved(member)).toEqual([-200]);
  });

  it('is told the present when it asks again', async () => {
    const member = await env.sandbox.member(program, 500);
    const request = ask(member);
    expect((await gateway.post('/v1/redemptions', request)).status).toBe(201);
    const repeated = await gateway.post('/v1/redemptions', request);
    expect(repeated).toMatchObject({ status: 200, body: { status: 'awaiting-payment' } });

    const voids = [1, 2].map(() =>
      gateway.post(`${pathOf(request)}/void`, { eventId: 'v-1', reason: 'left the shop' }),
    );
    expect((await Promise.all(voids)).map(({ status }) => status)).toEqual([202, 202]);
    await env.ended(request);
    const givenBack = await gateway.post('/v1/redemptions', request);
    expect(givenBack).toMatchObject({
      status: 409,
      body: {
        type: 'urn:points-redemption:problem:given-back',
        status: 409,
        redemption: { status: 'compensated', reason: 'payment-voided', granted: false },
      },
    });
    expect(await env.moved(member)).toEqual([-200, 200]);
  });

  it('is told that its sale is not known yet, when its void overtakes the redemption', async () => {
    const member = await env.sandbox.member(program, 500);
    const request = ask(member);
    const overtaking = await gateway.post(`${pathOf(request)}/void`, { eventId: 'v-1' });
    // What is asked for may still be on its way, so 404 does not say that it never arrives.
    expect(overtaking).toMatchObject({
      status: 404,
      body: {
        title: 'There is no such redemption so far.',
        remedy: expect.stringMatching(/may still be on its way/),
      },
    });
    expect((await gateway.post('/v1/redemptions', request)).status).toBe(201);
    const again = await gateway.post(`${pathOf(request)}/void`, { eventId: 'v-1' });
    expect(again.status).toBe(202);
    await env.ended(request);
    expect(await env.moved(member)).toEqual([-200, 200]);
  });

  it('is refused points that the member does not have, however often it asks', async () => {
    const request = ask(await env.sandbox.member(program, 100));
    for (const _ of [1, 2]) {
      const answer = await gateway.post('/v1/redemptions', request);
      expect(answer).toMatchObject({
        status: 422,
        body: { status: 'declined', reason: 'insufficient-points', granted: false },
      });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    }
  });

  it('is told what points are worth, and nothing is taken', async () => {
    const member = await env.sandbox.member(program, 500);
    const quote = { program, member: member.memberId, points: 200 };
    expect(await gateway.post('/v1/quotes', quote)).toMatchObject({
      status: 200,
      body: { program, redeemable: true, balance: 500, points: 200 },
    });
    const tooMany = await gateway.post('/v1/quotes', { ...quote, points: 600 });
    expect(tooMany).toMatchObject({
      status: 200,
      body: { redeemable: false, reason: 'insufficient-points' },
    });
    expect(await env.moved(member)).toEqual([]);
  });
});
