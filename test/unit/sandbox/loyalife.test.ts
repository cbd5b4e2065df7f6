import { describe, expect, it } from 'vitest';
import { credentials, openSandbox, redemption, relation, type TestSandbox } from './support.ts';

const balance = 'pg-lm/API/PG/CheckAvailability';
const redeem = 'pg-lm/API/PG/RedeemPoints';
const reverse = 'pg-lm/API/PG/ReversalPoints';
const history = 'transaction-lm/API/Transaction/GetMemberTransactionSummaryByDate';

const refusal = (code: string) => ({
  status: 200,
  body: { results: { IsSucessful: false, ErrorCode: code } },
});
const done = (returnObject: unknown) => ({
  status: 200,
  body: {
    results: {
      IsSucessful: true,
      ErrorCode: '000',
      ExceptionMessage: 'Success',
      ReturnObject: returnObject,
    },
  },
});

async function redeemed(sandbox: TestSandbox, token: string, fields: object = {}): Promise<string> {
  const { body } = await sandbox.loyalife(redeem, { ...redemption, ...fields }, token);
  return (body as { results: { ReturnObject: string } }).results.ReturnObject;
}

function reversal(reference: string) {
  const { RelationReference, ProgramId, MerchantName } = redemption;
  return { RelationReference, ProgramId, MerchantName, ExternalReference: reference };
}

/** A time as the history writes it: in the deployment's zone, without saying so. */
function localTime(offsetMinutes: number, shiftMs = 0): string {
  return new Date(Date.now() + offsetMinutes * 60_000 + shiftMs).toISOString().replace('Z', '');
}

function window(offsetMinutes: number, fields: object = {}) {
  return {
    ...relation,
    DateFrom: localTime(offsetMinutes, -60_000),
    DateTo: localTime(offsetMinutes, 60_000),
    MinimumRange: 0,
    MaximumRange: 100,
    ...fields,
  };
}

describe('Loyalife in the sandbox', () => {
  it('gives a token with the time of its end, and refuses every call without a living one', async () => {
    const sandbox = await openSandbox();
    const answer = await sandbox.loyalife('oauth/api/Auth/Token', credentials);
    expect(answer.body).toMatchObject({
      results: { token: expect.any(String), tokenExpiresOn: expect.stringMatching(/T.*Z$/) },
    });
    expect(await sandbox.loyalife(balance, relation, 'unknown')).toMatchObject({ status: 401 });
    await sandbox.control('POST', '/switches', { tokenLifetimeSeconds: 0 });
    const expired = await sandbox.token();
    expect(await sandbox.loyalife(balance, relation, expired)).toMatchObject({ status: 401 });
    expect((await sandbox.ledger()).violations).toEqual([]);
    const wrong = { ...credentials, client_secret: 'wrong' };
    expect(await sandbox.loyalife('oauth/api/Auth/Token', wrong)).toMatchObject({ status: 401 });
    expect(await sandbox.loyalife(balance, relation)).toMatchObject({ status: 401 });
    expect((await sandbox.ledger()).violations).toHaveLength(1);
  });

  it('redeems and reverses once, naming the redemption by an upper-case UUID', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const reference = await redeemed(sandbox, token);
    expect(reference).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
    expect(await sandbox.loyalife(balance, relation, token)).toMatchObject(done(99_900));
    expect(await sandbox.loyalife(reverse, reversal(reference), token)).toMatchObject(done(true));
    expect(await sandbox.loyalife(reverse, reversal(reference), token)).toMatchObject(
      refusal('405'),
    );
    expect(await sandbox.ledger()).toMatchObject({
      movements: [
        { kind: 'deduct', points: -100, reference, merchantName: 'Amazon #7F3K9Q' },
        { kind: 'restore', points: 100, reference },
      ],
      violations: [],
    });
  });

  it.each([
    ['an unknown reference', { ExternalReference: '00000000-0000-0000-0000-000000000000' }],
    ['another spelling of the member', { RelationReference: 'member-1' }],
    ['another merchant name', { MerchantName: 'Amazon' }],
  ])('refuses and counts a reversal with %s', async (_what, fields) => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const reference = await redeemed(sandbox, token);
    const asked = { ...reversal(reference), ...fields };
    expect(await sandbox.loyalife(reverse, asked, token)).toMatchObject(refusal('999'));
    const { violations, movements } = await sandbox.ledger();
    expect(violations).toHaveLength(1);
    expect(movements).toHaveLength(1);
  });

  it('knows no idempotency, and refuses an overspend and members who cannot redeem', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const poor = { ...redemption, RelationReference: 'member-poor', Points: 30, Amount: 7.5 };
    expect(await redeemed(sandbox, token, poor)).toEqual(expect.any(String));
    expect(await sandbox.loyalife(redeem, poor, token)).toMatchObject(refusal('302'));
    const states = [
      ['inactive', '107'],
      ['cancelled', '113'],
      ['suspended', '114'],
    ] as const;
    for (const [state, code] of states) {
      const member = { program: 'travel-miles', memberId: `m-${state}`, points: 500, state };
      await sandbox.control('POST', '/members', member);
      const asked = { ...relation, RelationReference: member.memberId };
      expect(await sandbox.loyalife(balance, asked, token)).toMatchObject(refusal(code));
      expect(await sandbox.loyalife(redeem, { ...redemption, ...asked }, token)).toMatchObject(
        refusal(code),
      );
    }
    const nobody = { ...redemption, RelationReference: 'nobody' };
    expect(await sandbox.loyalife(redeem, nobody, token)).toMatchObject(refusal('103'));
    expect((await sandbox.ledger()).violations).toEqual([]);
  });

  it.each([
    ['208', 'no merchant name', { MerchantName: undefined }],
    ['208', 'a blank merchant name', { MerchantName: ' ' }],
    ['120', 'no points above zero', { Points: 0 }],
    ['999', 'no points', { Points: undefined }],
    ['999', 'an amount in text', { Amount: '25.00' }],
    ['999', 'an amount that the points do not cover', { Amount: 2_500 }],
    ['999', 'a transaction type that is not accepted', { LoyaltyTxnType: 7 }],
    ['999', 'another program', { ProgramId: 20 }],
    ['999', 'another currency', { TransactionCurrency: 'INR' }],
    ['999', 'another relation type', { RelationType: '4' }],
    ['999', 'a field that is not known', { RequestId: 'sale-1' }],
  ])('answers %s to a redemption with %s, and counts it', async (code, _what, fields) => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const answer = await sandbox.loyalife(redeem, { ...redemption, ...fields }, token);
    expect(answer).toMatchObject(refusal(code));
    const { violations, movements } = await sandbox.ledger();
    expect(violations).toMatchObject([
      { service: 'loyalife', call: 'POST /lbms-ingress/pg-lm/API/PG/RedeemPoints' },
    ]);
    expect(movements).toEqual([]);
  });

  it("shows a member's movements of a window, in the deployment's own time", async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const first = await redeemed(sandbox, token);
    const second = await redeemed(sandbox, token, { Points: 200, MerchantName: 'Amazon #8' });
    await redeemed(sandbox, token, { RelationReference: 'member-2' });
    await sandbox.loyalife(reverse, reversal(first), token);
    expect(await sandbox.loyalife(history, window(330), token)).toMatchObject({
      body: {
        results: {
          IsSucessful: true,
          Count: 3,
          ReturnObject: [
            { Points: 100, ExternalReference: first },
            { Points: -200, ExternalReference: second, MerchantName: 'Amazon #8' },
            { Points: -100, ExternalReference: first, MerchantName: 'Amazon #7F3K9Q' },
          ],
        },
      },
    });
    const page = window(330, { MinimumRange: 1, MaximumRange: 2 });
    expect(await sandbox.loyalife(history, page, token)).toMatchObject({
      body: { results: { Count: 3, ReturnObject: [{ ExternalReference: second }] } },
    });
    expect(await sandbox.loyalife(history, window(0), token)).toMatchObject({
      body: { results: { Count: 0, ReturnObject: [] } },
    });
    await sandbox.control('POST', '/switches', {
      historyOffsetMinutes: 0,
      historyMerchantName: false,
    });
    expect(await sandbox.loyalife(history, window(0), token)).toMatchObject({
      body: { results: { Count: 3, ReturnObject: Array(3).fill({ MerchantName: null }) } },
    });
  });

  it('shows every movement as positive points where the deployment does so', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const reference = await redeemed(sandbox, token);
    await sandbox.loyalife(reverse, reversal(reference), token);
    await sandbox.control('POST', '/switches', { historyPositiveRows: true });
    expect(await sandbox.loyalife(history, window(330), token)).toMatchObject({
      body: {
        results: {
          ReturnObject: [
            { Points: 100, TransactionType: 'Reversal', ExternalReference: reference },
            { Points: 100, TransactionType: 'Redemption', ExternalReference: reference },
          ],
        },
      },
    });
  });

  it('refuses and counts a window with a zone, or one that ends before it begins', async () => {
    const sandbox = await openSandbox();
    const token = await sandbox.token();
    const zoned = window(330, { DateFrom: new Date().toISOString() });
    const reversed = window(330, { DateFrom: localTime(330, 120_000) });
    const empty = window(330, { MinimumRange: 10, MaximumRange: 10 });
    for (const asked of [zoned, reversed, empty])
      expect(await sandbox.loyalife(history, asked, token)).toMatchObject(refusal('999'));
    expect((await sandbox.ledger()).violations).toHaveLength(3);
  });
});
