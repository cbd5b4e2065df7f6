/** Temporal stands still: the till is answered all the same, and a repetition ends no sale. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedemptionError, type RedemptionRequest } from '../../../src/index.ts';
import { openGateway } from '../../support/gateway/gateway.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { openTill, type Till } from '../../support/standstill.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
/** The shortest that a till may ask for. */
const deductByMs = 1_000;
/** Longer than the till waits for the answer, and shorter than it waits for what it asks then. */
const A_WHILE_MS = 2_600;

let till: Till;
beforeAll(async () => {
  till = await openTill(env);
});
afterEach(() => till.goOn());
afterAll(() => till.close());

const memberOf = (program: (typeof bothPrograms)[number]) => env.sandbox.member(program, 1_000);

describe.each(bothPrograms)('a till of %s that cannot reach Temporal', (program) => {
  // Without a deadline none of these is answered before the test's own limit, because Temporal never goes on.
  it.each([
    ['', {}],
    [', also of a sale whose time is given', { saleTime: new Date().toISOString() }],
  ])('is told that nothing is known%s', async (_, more) => {
    const alice = await memberOf(program);
    const request = env.request(alice, { deductByMs, ...more });
    till.standStill();
    await expect(till.redemptions.redeem(request)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.not.stringMatching(/worker|voided/),
    });
    till.goOn();
    // The same request again is safe, and has one answer.
    const { granted, status } = await env.redeem({ ...request, deductByMs: 20_000 });
    expect(await env.moved(alice)).toEqual(granted ? [-200] : []);
    expect(['awaiting-payment', 'declined']).toContain(status);
  });

  it('is told so by the gateway, too', async () => {
    const alice = await memberOf(program);
    const gateway = await openGateway({ client: till.redemptions, programs: env.programs });
    till.standStill();
    const { deductByMs: _, ...body } = env.request(alice, { deductByMs });
    const answer = await gateway.post('/v1/redemptions', body, { headers: { prefer: 'wait=1' } });
    expect(answer).toMatchObject({ status: 503, body: { outcome: 'problem' } });
    till.goOn();
    await gateway.close();
  });
});

it('is answered, too, who reports a payment or asks for the status while Temporal stands still', async () => {
  const request = env.request(await memberOf('coffee-club'));
  await env.redeem(request);
  const { program, redemptionId } = request;
  till.standStill();
  const verbs = ['capture', 'void', 'status'] as const;
  await Promise.all(
    verbs.map((verb) =>
      expect(till.redemptions[verb]({ program, redemptionId })).rejects.toMatchObject({
        code: 'unavailable',
      }),
    ),
  );
  till.goOn();
  await env.voidSale(request);
  await env.ended(request);
});

describe.each(bothPrograms)('a repetition at %s while Temporal stands still', (program) => {
  /** What the till was told, in one word; never that the sale is over. */
  async function asked(request: RedemptionRequest): Promise<string> {
    const work = () => till.redemptions.redeem({ ...request, deductByMs });
    const answer = await till.whileItStands(A_WHILE_MS, work).catch((error: unknown) => error);
    if (answer instanceof RedemptionError) {
      expect(answer.message).not.toMatch(/worker/);
      return answer.code;
    }
    return (answer as { granted: boolean }).granted ? 'granted' : 'not granted';
  }

  it('does not reverse a sale that is completed', async () => {
    const alice = await memberOf(program);
    const request = env.request(alice);
    await env.redeem(request);
    await env.capture(request);
    await env.ended(request);
    expect(['granted', 'unavailable']).toContain(await asked(request));
    expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await env.moved(alice)).toEqual([-200]);
    expect(await env.fulfilmentOf(request)).not.toBe('cancelled');
  });

  it('does not end a sale that was granted to the first till', async () => {
    const alice = await memberOf(program);
    const request = env.request(alice);
    await env.redeem(request);
    expect(['granted', 'unavailable']).toContain(await asked(request));
    await env.capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('does not end a sale of other content', async () => {
    const alice = await memberOf(program);
    const request = env.request(alice);
    await env.redeem(request);
    expect(['conflict', 'unavailable']).toContain(await asked({ ...request, till: 'T99' }));
    await env.capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed', granted: true });
    expect(await env.moved(alice)).toEqual([-200]);
  });

  it('ends its own sale alone, so that the no it was told stays true', async () => {
    const alice = await memberOf(program);
    const request = env.request(alice);
    const told = await asked(request);
    expect(['not granted', 'granted', 'unavailable']).toContain(told);
    const last = await env.redeem(request);
    if (told === 'not granted') expect(last.granted).toBe(false);
    await env.voidSale(request);
    await env.ended(request);
    const sum = (await env.moved(alice)).reduce((total, points) => total + points, 0);
    expect(sum).toBe(0);
  });
});
