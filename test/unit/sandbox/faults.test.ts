import { describe, expect, it } from 'vitest';
import { openSandbox, redemption, relation, type TestSandbox } from './support.ts';

const redeem = 'pg-lm/API/PG/RedeemPoints';

async function arm(sandbox: TestSandbox, fault: object): Promise<void> {
  const answer = await sandbox.control('POST', '/faults', fault);
  expect(answer).toMatchObject({ status: 201 });
}

const movedPoints = async (sandbox: TestSandbox) =>
  (await sandbox.ledger()).movements.map(({ points }) => points);

describe('a fault on demand', () => {
  it.each([
    ['error-before-commit', 500, []],
    ['error-after-commit', 500, [-100]],
    ['unreadable-after-commit', 200, [-100]],
    ['too-many-requests', 429, []],
    ['unauthorized', 401, []],
    ['refuse', 200, []],
  ])('%s answers HTTP %i and has moved %j', async (fault, status, moved) => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    await arm(sandbox, { service: 'loyalife', call: 'deduct', fault });
    const answer = await sandbox.loyalife(redeem, redemption, token);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toMatchObject({ results: { IsSucessful: true } });
    expect(answer.headers.get('retry-after')).toBe(status === 429 ? '1' : null);
    expect(await movedPoints(sandbox)).toEqual(moved);
    expect(await sandbox.loyalife(redeem, redemption, token)).toMatchObject({
      body: { results: { IsSucessful: true } },
    });
  });

  it.each([
    ['cut-before-commit', []],
    ['cut-after-commit', [-100]],
  ])('%s breaks the connection and has moved %j', async (fault, moved) => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    await arm(sandbox, { service: 'loyalife', call: 'deduct', fault });
    await expect(sandbox.loyalife(redeem, redemption, token)).rejects.toThrow('fetch failed');
    expect(await movedPoints(sandbox)).toEqual(moved);
  });

  it.each([
    ['hang-before-commit', []],
    ['hang-after-commit', [-100]],
  ])('%s never answers, has moved %j, and does not keep the sandbox open', async (fault, moved) => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    await arm(sandbox, { service: 'loyalife', call: 'deduct', fault });
    const answer = sandbox.loyalife(redeem, redemption, token);
    await expect
      .poll(async () => (await sandbox.control('GET', '/faults')).body, { timeout: 2_000 })
      .toMatchObject({ faults: [{ fired: 1 }] });
    expect(await movedPoints(sandbox)).toEqual(moved);
    const hanging = expect(answer).rejects.toThrow('fetch failed');
    await sandbox.close();
    await hanging;
  });

  it('slow carries the request out even when its caller has gone', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    await arm(sandbox, { service: 'loyalife', call: 'deduct', fault: 'slow', delayMs: 1_000 });
    const caller = new AbortController();
    const answer = sandbox.loyalife(redeem, redemption, token, caller.signal);
    await expect
      .poll(async () => (await sandbox.control('GET', '/faults')).body, { interval: 1 })
      .toMatchObject({ faults: [{ fired: 1 }] });
    caller.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expect.poll(() => movedPoints(sandbox), { timeout: 5_000 }).toEqual([-100]);
  });

  it("answers with Loyalife's own code where one is given", async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const coded = (code: string) => ({ status: 200, body: { results: { ErrorCode: code } } });
    const fault = { service: 'loyalife', call: 'deduct' };
    await arm(sandbox, { ...fault, fault: 'refuse', code: '103' });
    expect(await sandbox.loyalife(redeem, redemption, token)).toMatchObject(coded('103'));
    await arm(sandbox, { ...fault, fault: 'error-after-commit', code: '997' });
    expect(await sandbox.loyalife(redeem, redemption, token)).toMatchObject(coded('997'));
    expect(await movedPoints(sandbox)).toEqual([-100]);
  });

  it('makes a reactor late, or leaves it out', async () => {
    const sandbox = await openSandbox();
    const fault = { service: 'white-label-loyalty', call: 'deduct' };
    await arm(sandbox, { ...fault, fault: 'missing-reactor', redemptionId: 'sale-1' });
    await arm(sandbox, { ...fault, fault: 'late-reaction', delayMs: 20, redemptionId: 'sale-2' });
    expect(await sandbox.report()).toMatchObject({ status: 200 });
    await sandbox.report({ payload: { points: 200, redemptionId: 'sale-2' } });
    await arm(sandbox, { ...fault, fault: 'late-reaction', delayMs: 3_600_000 });
    await sandbox.report({ payload: { points: 300, redemptionId: 'sale-3' } });
    await expect.poll(() => movedPoints(sandbox), { timeout: 2_000 }).toEqual([-200]);
  });

  it('spares as many requests as it is told to', async () => {
    const sandbox = await openSandbox();
    const fault = { service: 'payment', call: 'status', fault: 'error-before-commit' };
    await arm(sandbox, { ...fault, after: 2, times: 2 });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count += 1)
      statuses.push((await sandbox.signed('payment', 'GET', '/payments/p/r')).status);
    expect(statuses.map((status) => status === 500)).toEqual([false, false, true, true, false]);
  });

  it('adds a second reactor, or turns one round', async () => {
    const sandbox = await openSandbox();
    const fault = { service: 'white-label-loyalty', call: 'deduct' };
    await arm(sandbox, { ...fault, fault: 'second-reactor' });
    await sandbox.report();
    await expect.poll(() => movedPoints(sandbox), { timeout: 2_000 }).toEqual([-100, -100]);
    await arm(sandbox, { ...fault, fault: 'inverse-reactor' });
    await sandbox.report();
    await expect.poll(() => movedPoints(sandbox), { timeout: 2_000 }).toEqual([-100, -100, 100]);
    expect((await sandbox.whiteLabel('GET', '/events/1/reactions')).body).toMatchObject({
      data: [{ points: -100 }, { points: -100 }],
    });
  });

  it('reaches every service and only the request that it is meant for', async () => {
    const sandbox = await openSandbox();
    await arm(sandbox, {
      service: 'white-label-loyalty',
      call: 'balance',
      fault: 'refuse',
      httpStatus: 403,
      member: 'member-1',
    });
    expect((await sandbox.whiteLabel('GET', '/users/member-2/wallet')).status).toBe(200);
    expect((await sandbox.whiteLabel('GET', '/users/4000000001/wallet')).status).toBe(403);
    await arm(sandbox, { service: 'payment', call: 'status', fault: 'error-before-commit' });
    expect((await sandbox.signed('payment', 'GET', '/payments/p/r')).status).toBe(500);
    await arm(sandbox, { service: 'fulfilment', call: 'cancel', fault: 'refuse', program: 'p' });
    const headers = { 'idempotency-key': 'p:r:cancel' };
    expect(
      await sandbox.signed('fulfilment', 'DELETE', '/fulfilments/p/r', { headers }),
    ).toMatchObject({
      status: 409,
      body: { message: expect.any(String) },
    });
  });

  it('fires as many times as asked, or at a rate', async () => {
    let chance = 0.5;
    const sandbox = await openSandbox({ random: () => chance });
    const wallet = async () => (await sandbox.whiteLabel('GET', '/users/member-1/wallet')).status;
    const fault = { service: 'white-label-loyalty', call: 'balance', fault: 'error-before-commit' };
    await arm(sandbox, { ...fault, times: 2 });
    expect([await wallet(), await wallet(), await wallet()]).toEqual([500, 500, 200]);
    await arm(sandbox, { ...fault, rate: 0.4 });
    expect(await wallet()).toBe(200);
    chance = 0.3;
    expect([await wallet(), await wallet()]).toEqual([500, 500]);
    await sandbox.control('DELETE', '/faults');
    expect(await wallet()).toBe(200);
  });

  it('does not spare a request that breaks the contract', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    await arm(sandbox, { service: 'loyalife', call: 'deduct', fault: 'hang-after-commit' });
    const answer = await sandbox.loyalife(redeem, relation, token);
    expect(answer).toMatchObject({ status: 200, body: { results: { IsSucessful: false } } });
    expect((await sandbox.control('GET', '/faults')).body).toMatchObject({
      faults: [{ fired: 0 }],
    });
  });

  it.each([
    ['service', { service: 'loyalty', call: 'deduct', fault: 'refuse' }, 'loyalife'],
    ['call', { service: 'loyalife', call: 'rate', fault: 'refuse' }, 'history'],
    ['fault', { service: 'loyalife', call: 'deduct', fault: 'late-reaction' }, 'cut-after-commit'],
    ['delayMs', { service: 'loyalife', call: 'deduct', fault: 'slow' }, 'slow'],
    ['times', { service: 'loyalife', call: 'deduct', fault: 'slow', times: 0, delayMs: 1 }, '1'],
  ])('is refused by naming the field %s and what is allowed', async (field, fault, allowed) => {
    const sandbox = await openSandbox();
    expect(await sandbox.control('POST', '/faults', fault)).toMatchObject({
      status: 400,
      body: { field, message: expect.stringContaining(allowed) },
    });
  });
});
