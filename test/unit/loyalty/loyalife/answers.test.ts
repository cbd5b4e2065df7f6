/** Loyalife's envelope and codes, as its documents have them, and how each call names its sale. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Program } from '../../../../src/programs/programs.ts';
import {
  DEDUCTION,
  scriptedProvider,
  type Script,
  type ScriptedAnswer,
} from '../../../support/loyalty/scripted-provider.ts';

const WAIT_MS = 3_000;
/** It never changes: a sale that was sent under it would not be found under another. */
const NAME = 'Amazon #E4FHEGPRYT';
const token = (name: string) => ({
  body: { results: { token: name, tokenExpiresOn: '2099-01-01T00:00:00Z' } },
});
const success = (ReturnObject: unknown, more: object = {}): ScriptedAnswer => ({
  body: { results: { IsSucessful: true, ErrorCode: '000', ReturnObject, ...more } },
});
const refusal = (ErrorCode?: unknown, status = 200): ScriptedAnswer => ({
  status,
  body: { results: { IsSucessful: false, ErrorCode, ReturnObject: null } },
});
const open = (script: Script, changes?: Partial<Program>) =>
  scriptedProvider('travel-miles', { '/Token': token('t'), ...script }, changes);
const row = (Points: number, ExternalReference: string | null, Id: string | number = 1) => ({
  Id,
  Points,
  ExternalReference,
  MerchantName: null,
});
const history = (...rows: object[]) => success(rows, { Count: rows.length });

describe('a balance', () => {
  it("is of the till's spelling, because no canonical id is published", async () => {
    const { provider, asked } = await open({ '/CheckAvailability': success(500) });
    expect(await provider.checkBalance('anna')).toEqual({ memberId: 'anna', points: 500 });
    expect(asked.at(-1)).toMatchObject({
      url: '/lbms-ingress/pg-lm/API/PG/CheckAvailability',
      body: {
        RelationReference: 'anna',
        RelationType: 4,
        TransactionCurrency: 'DEFAULT',
        ProgramId: 19,
      },
    });
  });

  it('is refused by its code', async () => {
    const { provider } = await open({ '/CheckAvailability': refusal('103') });
    await expect(provider.checkBalance('anna')).rejects.toMatchObject({
      kind: 'refused',
      refusal: 'member-unknown',
      message: 'CheckAvailability: code 103',
    });
  });

  it("is worth the program's own rate, and more than it is refused by the provider", async () => {
    const { provider } = await open({});
    expect(await provider.quote({ points: 10 })).toMatchObject({
      discountMinor: 250,
      rate: '0.25',
    });
    expect(provider.capabilities).toEqual({
      refusesOverspending: true,
      findsByReference: true,
      partialRestore: false,
    });
    expect(provider.names).toEqual({ merchantName: 'Amazon', merchantReference: true });
  });
});

describe('a redemption', () => {
  const deduct = async (answer: ScriptedAnswer | readonly ScriptedAnswer[]) => {
    const { provider, asked } = await open({ '/RedeemPoints': answer });
    const result: unknown = await provider
      .deductPoints(DEDUCTION, WAIT_MS)
      .catch((error: unknown) => error);
    return { result, asked };
  };

  it('is sent as the documents have it, under a name that never changes', async () => {
    const { result, asked } = await deduct(success('ABC-Def'));
    expect(result).toEqual({ reference: 'ABC-Def' });
    expect(asked).toMatchObject([
      {
        url: '/lbms-ingress/oauth/api/Auth/Token',
        body: {
          grant_type: 'client_credentials',
          client_id: 'sandbox-client',
          client_secret: 'sandbox-client-secret',
        },
      },
      {
        method: 'POST',
        url: '/lbms-ingress/pg-lm/API/PG/RedeemPoints',
        headers: { authorization: 'bearer t' },
        body: {
          RelationReference: 'anna',
          RelationType: 4,
          TransactionCurrency: 'DEFAULT',
          Amount: 25.5,
          Points: 100,
          MerchantName: NAME,
          LoyaltyTxnType: 30,
          ProgramId: 19,
        },
      },
    ]);
  });

  it.each([
    [
      'a refusal',
      refusal('302'),
      { refusal: 'insufficient-points', message: 'RedeemPoints: code 302' },
    ],
    ['a refusal whose code is a number', refusal(302), { kind: 'refused' }],
    ['a refusal as HTTP 400', refusal('103', 400), { refusal: 'member-unknown' }],
    ['a failure without a code', refusal(), { message: 'RedeemPoints: code none' }],
    ['a failure without a code', refusal(null), { kind: 'unknown' }],
    ['a refusal of a failing server', refusal('302', 500), { kind: 'unknown' }],
    ['a refusal of a busy one', refusal('302', 429), { kind: 'not-sent' }],
    ['a success of a failing server', { ...success('E'), status: 502 }, { kind: 'unknown' }],
    ['HTTP 400 without an envelope', { status: 400 }, { kind: 'refused', refusal: 'rejected' }],
    ['HTTP 200 without an envelope', { body: {} }, { kind: 'unknown' }],
    ['the code of success without it', refusal('000'), { kind: 'unknown' }],
    ['a success without a reference', success(null), { kind: 'unknown' }],
    ['a success with an empty reference', success(''), { kind: 'unknown' }],
    ['no JSON', { body: '<html>' }, { kind: 'unknown' }],
  ])('that is answered by %s', async (_, answer, expected) => {
    expect((await deduct(answer)).result).toMatchObject({ name: 'ProviderError', ...expected });
  });

  it('is a success by IsSucessful alone', async () => {
    const answer = success('E', { ErrorCode: '001' });
    expect((await deduct(answer)).result).toEqual({ reference: 'E' });
  });

  it('is not sent when its token took all the time that it had', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { provider, asked } = await open({
      '/Token': { ...token('t'), first: () => void vi.advanceTimersByTime(WAIT_MS) },
      '/RedeemPoints': success('E'),
    });
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-sent',
    });
    expect(asked).toHaveLength(1);
  });

  it('is sent once more, with a new token, after 401, and never a third time', async () => {
    const { provider, asked } = await open({
      '/Token': [token('old'), token('new'), token('newer')],
      '/RedeemPoints': { status: 401 },
    });
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-sent',
    });
    const redeemed = asked.filter(({ url }) => url?.endsWith('/RedeemPoints'));
    expect(redeemed.map(({ headers }) => headers['authorization'])).toEqual([
      'bearer old',
      'bearer new',
    ]);
  });

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, 7_000],
    [{ body: { results: { token: '', tokenExpiresOn: '2099-01-01T00:00:00Z' } } }, undefined],
    [{ body: { results: { token: 't', tokenExpiresOn: 'never' } } }, undefined],
    [{ body: {} }, undefined],
  ])('is certainly not sent without a token: %j', async (answer, retryAfterMs) => {
    const { provider, asked } = await open({ '/Token': answer });
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-sent',
      retryAfterMs,
      message: expect.stringMatching(/^Token: /) as string,
    });
    expect(asked).toHaveLength(1);
  });
});

describe('a reversal', () => {
  const restore = async (answer: ScriptedAnswer, ...rows: object[]) => {
    const script = {
      '/ReversalPoints': answer,
      '/GetMemberTransactionSummaryByDate': history(...rows),
    };
    const { provider, asked } = await open(script);
    const result: unknown = await provider
      .restorePoints(DEDUCTION, 'E', WAIT_MS)
      .catch((error: unknown) => error);
    return { result, looks: asked.filter(({ url }) => url?.includes('Summary')).length, asked };
  };

  it('names the member, the merchant and the redemption', async () => {
    const { result, asked, looks } = await restore(success(true));
    expect(result).toEqual({ reference: 'E' });
    expect(looks).toBe(0);
    expect(asked.at(-1)?.body).toEqual({
      RelationReference: 'anna',
      MerchantName: NAME,
      ExternalReference: 'E',
      ProgramId: 19,
    });
  });

  it('is not done by anything but true', async () => {
    expect((await restore(success(false))).result).toMatchObject({ kind: 'unknown' });
  });

  it.each(['301', '997'])('is open after code %s, and not looked for at once', async (code) => {
    const { result, looks } = await restore(refusal(code), row(-100, 'E'), row(100, 'E', 2));
    expect(result).toMatchObject({ kind: 'unknown', message: `ReversalPoints: code ${code}` });
    expect(looks).toBe(0);
  });

  it('that was refused was done before if the history shows it, and else is refused', async () => {
    const redemption = row(-100, 'E');
    expect((await restore(refusal('405'), redemption, row(100, 'E', 2))).result).toEqual({
      reference: 'E',
    });
    for (const [code, why] of [
      ['405', 'rejected'],
      ['107', 'member-inactive'],
    ])
      expect((await restore(refusal(code), redemption)).result).toMatchObject({
        kind: 'refused',
        refusal: why,
        message: `ReversalPoints: code ${code}`,
      });
  });
});

it('a refused reversal is open while the history cannot be read', async () => {
  const { provider } = await open({
    '/ReversalPoints': refusal('405'),
    '/GetMemberTransactionSummaryByDate': { status: 500 },
  });
  await expect(provider.restorePoints(DEDUCTION, 'E', WAIT_MS)).rejects.toMatchObject({
    kind: 'unknown',
    message: 'ReversalPoints: code 405, and the history was not readable',
  });
});

it.each([
  [true, NAME, 'found'],
  [true, 'Amazon', 'ambiguous'],
  [false, 'Amazon', 'ambiguous'],
  [false, NAME, 'not-found'],
])(
  'with a reference in the name (%s), a row under %s is %s',
  async (merchantReference, MerchantName, kind) => {
    const rows = [{ ...row(-100, 'E'), MerchantName }];
    const { provider, asked } = await open(
      { '/GetMemberTransactionSummaryByDate': history(...rows), '/RedeemPoints': success('E') },
      { merchantReference },
    );
    expect(await provider.findDeduction(DEDUCTION)).toMatchObject({ kind });
    expect(asked.at(-1)?.body).toMatchObject({
      RelationReference: 'anna',
      RelationType: 4,
      TransactionCurrency: 'DEFAULT',
      MinimumRange: 0,
      MaximumRange: 100,
      ProgramId: 19,
    });
    await provider.deductPoints(DEDUCTION, WAIT_MS);
    const named = merchantReference ? NAME : 'Amazon';
    expect(asked.at(-1)?.body).toMatchObject({ MerchantName: named });
    expect(provider.capabilities.findsByReference).toBe(merchantReference);
  },
);

it.each([
  ['of no row', [row(-100, 'F')], 'unknown'],
  ['of other points', [row(-99, 'E')], 'other'],
  ['of other points, under our name', [{ ...row(-99, 'E'), MerchantName: NAME }], 'other'],
  ['of its points, under no name', [row(-100, 'E')], 'ours'],
  ['of its points, in a history of the other sign', [row(100, 'E')], 'ours'],
  ['that was given back', [row(-100, 'E'), row(100, 'E', 2)], 'restored'],
])('a reference %s', async (_, rows, owner) => {
  const { provider } = await open({ '/GetMemberTransactionSummaryByDate': history(...rows) });
  expect(await provider.ownerOf(DEDUCTION, 'E')).toBe(owner);
});

it('a history that is refused is no finding', async () => {
  const { provider } = await open({ '/GetMemberTransactionSummaryByDate': refusal('103') });
  await expect(provider.findDeduction(DEDUCTION)).rejects.toMatchObject({ kind: 'refused' });
});
