import { describe, expect, it } from 'vitest';
import { coffeeClub } from '../../../src/programs/sandbox.ts';
import { deductionEvent, openSandbox, type TestSandbox } from './support.ts';

const walletOf = async (sandbox: TestSandbox, spelling: string) =>
  (await sandbox.whiteLabel('GET', `/users/${spelling}/wallet`)).body;

const walletAnswer = (sandbox: TestSandbox) => sandbox.whiteLabel('GET', '/users/member-1/wallet');

const untilPoints = async (sandbox: TestSandbox, points: number) =>
  await expect
    .poll(() => walletOf(sandbox, 'member-1'), { timeout: 2_000, interval: 5 })
    .toEqual({ data: { userId: 'member-1', points } });

describe('White Label Loyalty in the sandbox', () => {
  it('shows one wallet for every alias of a member', async () => {
    const sandbox = await openSandbox();
    for (const spelling of ['member-1', '4000000001', 'auth-member-1'])
      expect(await walletOf(sandbox, spelling)).toEqual({
        data: { userId: 'member-1', points: 100_000 },
      });
    expect(await sandbox.whiteLabel('GET', '/users/nobody/wallet')).toMatchObject({ status: 404 });
    expect((await sandbox.ledger()).violations).toEqual([]);
  });

  it('tells the worth of a point as a string', async () => {
    const sandbox = await openSandbox();
    const answer = await sandbox.whiteLabel('GET', '/settings/pointsCurrencyValue');
    expect(answer.body).toEqual({ data: { name: 'pointsCurrencyValue', value: '0.01' } });
    expect(await sandbox.whiteLabel('GET', '/settings/other')).toMatchObject({ status: 404 });
    expect(await sandbox.whiteLabel('GET', '/settings/points_1')).toMatchObject({ status: 400 });
  });

  it('moves the points of a reported event, and gives them back for the mirror image', async () => {
    const sandbox = await openSandbox();
    expect(await sandbox.report()).toMatchObject({
      status: 200,
      body: { data: { id: 1, type: 'REDEEMED_POINTS', payload: { redemptionId: 'sale-1' } } },
    });
    await untilPoints(sandbox, 99_900);
    const restoration = { authorization: `Bearer ${coffeeClub.restoration.secret}` };
    await sandbox.report({ type: coffeeClub.restoration.eventType }, restoration);
    await untilPoints(sandbox, 100_000);
    expect((await sandbox.whiteLabel('GET', '/events/2/reactions')).body).toMatchObject({
      data: [{ type: 'POINTS', points: 100 }],
    });
    expect(await sandbox.ledger()).toMatchObject({
      movements: [
        { kind: 'deduct', points: -100, reference: '1', redemptionId: 'sale-1' },
        { kind: 'restore', points: 100, reference: '2', redemptionId: 'sale-1' },
      ],
      violations: [],
    });
  });

  it('has no idempotency and lets a balance go below zero', async () => {
    const sandbox = await openSandbox();
    const event = { ...deductionEvent(), payload: { points: 60_000, redemptionId: 'sale-1' } };
    await sandbox.report(event);
    await sandbox.report(event);
    await untilPoints(sandbox, -20_000);
  });

  it('answers before the points move', async () => {
    const sandbox = await openSandbox();
    await sandbox.control('POST', '/switches', { reactionDelayMs: 3_600_000 });
    await sandbox.report();
    expect((await sandbox.whiteLabel('GET', '/events/1/reactions')).body).toEqual({ data: [] });
    expect(await walletOf(sandbox, 'member-1')).toMatchObject({ data: { points: 100_000 } });
  });

  it.each([
    ['a type with a digit', { type: 'REDEEMED_2' }],
    ['an occurredAt without a fraction', { occurredAt: '2026-03-01T10:00:00Z' }],
    ['an occurredAt without a zone', { occurredAt: '2026-03-01T10:00:00.000' }],
    ['an empty subject', { subject: '' }],
    ['a subject that is too long', { subject: 'x'.repeat(129) }],
    ['a payload without points', { payload: { redemptionId: 'sale-1' } }],
    ['points that are not whole', { payload: { points: 1.5 } }],
    ['a field that is not known', { idempotencyKey: 'sale-1' }],
    ['an e-mail address in the payload', { payload: { points: 1, cashier: { mail: 'a@b.c' } } }],
    ['an alias of the member in the payload', { payload: { points: 1, by: '4000000001' } }],
  ])('refuses and counts %s', async (_what, fields) => {
    const sandbox = await openSandbox();
    expect(await sandbox.report(fields)).toMatchObject({ status: 400 });
    const { violations, movements } = await sandbox.ledger();
    expect(violations).toMatchObject([
      { service: 'white-label-loyalty', call: 'POST /events', why: expect.any(String) },
    ]);
    expect(movements).toEqual([]);
  });

  it('refuses a wrong key, a wrong secret, an unknown type and an unknown user, each in its own way', async () => {
    const sandbox = await openSandbox();
    expect(await sandbox.report({}, { 'x-api-key': 'wrong' })).toMatchObject({ status: 401 });
    expect(await sandbox.report({}, { authorization: 'Bearer wrong' })).toMatchObject({
      status: 403,
    });
    expect(await sandbox.report({ type: 'UNKNOWN_TYPE' })).toMatchObject({ status: 404 });
    expect(await sandbox.report({ subject: 'nobody' })).toMatchObject({ status: 404 });
    expect((await sandbox.ledger()).violations).toEqual([]);
  });

  it('refuses and counts a call that is not written as the contract writes it', async () => {
    const sandbox = await openSandbox();
    expect(await sandbox.whiteLabel('GET', '/events')).toMatchObject({ status: 404 });
    expect(await sandbox.whiteLabel('GET', '/events/?limit=1001')).toMatchObject({ status: 400 });
    expect(await sandbox.whiteLabel('GET', '/events/?page=1')).toMatchObject({ status: 400 });
    const { violations } = await sandbox.ledger();
    expect(violations.map(({ call }) => call)).toEqual([
      'GET /events',
      'GET /events/',
      'GET /events/',
    ]);
  });

  it('pages through the events of everybody, whatever the filter asks', async () => {
    const sandbox = await openSandbox();
    for (const subject of ['member-1', 'member-2', 'member-1']) await sandbox.report({ subject });
    const ids = async (query: string) => {
      const { body } = await sandbox.whiteLabel('GET', `/events/?${query}`);
      return (body as { data: { id: number }[] }).data.map(({ id }) => id);
    };
    expect(await ids('limit=2&order=DESC&filter=member-2')).toEqual([3, 2]);
    expect(await ids('limit=2&skip=2&order=DESC')).toEqual([1]);
    expect(await ids('order=ASC')).toEqual([1, 2, 3]);
  });

  it('answers what would react without reporting anything, and describes its event types', async () => {
    const sandbox = await openSandbox();
    const answer = await sandbox.whiteLabel('POST', '/events/test_reaction', {
      body: deductionEvent(),
      headers: { authorization: `Bearer ${coffeeClub.deduction.secret}` },
    });
    expect(answer.body).toEqual({ data: [{ type: 'POINTS', points: -100 }] });
    expect((await sandbox.whiteLabel('GET', '/events/')).body).toEqual({ data: [] });
    expect((await sandbox.whiteLabel('GET', '/event_types/POINTS_REFUND')).body).toMatchObject({
      data: { identifier: 'POINTS_REFUND' },
    });
  });

  it('has every open question of the contract as a switch', async () => {
    const sandbox = await openSandbox();
    await sandbox.control('POST', '/switches', {
      bareEnvelope: true,
      eventIds: 'string',
      duplicateDetection: true,
      walletPointer: '/balance/available',
    });
    const event = deductionEvent();
    expect(await sandbox.report(event)).toMatchObject({ body: { id: '1' } });
    expect(await sandbox.report(event)).toMatchObject({ status: 409 });
    expect(await walletOf(sandbox, 'member-2')).toEqual({
      userId: 'member-2',
      balance: { available: 5_000 },
    });
  });

  it('takes 400 requests at once and refuses what comes faster than it refills', async () => {
    const sandbox = await openSandbox();
    const statuses: number[] = [];
    while (!statuses.includes(429) && statuses.length < 10_000)
      statuses.push(
        ...(await Promise.all(
          Array.from({ length: 200 }, async () => (await walletAnswer(sandbox)).status),
        )),
      );
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(400);
    await sandbox.control('POST', '/switches', { rateLimit: false });
    expect(await walletAnswer(sandbox)).toMatchObject({ status: 200 });
  });
});
