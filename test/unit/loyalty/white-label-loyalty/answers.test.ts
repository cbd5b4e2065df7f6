/** White Label Loyalty's wire: what is asked where, and what is made of answers that the sandbox does not give. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Program } from '../../../../src/programs/programs.ts';
import { coffeeClub } from '../../../../src/programs/sandbox.ts';
import {
  DEDUCTION,
  scriptedProvider,
  type Script,
} from '../../../support/loyalty/scripted-provider.ts';

const WAIT_MS = 3_000;
const open = (script: Script, changes?: Partial<Program>) =>
  scriptedProvider('coffee-club', script, changes);

afterEach(() => vi.useRealTimers());

describe('a wallet', () => {
  const balance = async (body: unknown, walletPointer = '/points', member = 'anna') => {
    const { provider, asked } = await open({ '/wallet': { body } }, { walletPointer });
    const result: unknown = await provider.checkBalance(member).catch((error: unknown) => error);
    return { result, asked };
  };

  it('is asked for with the key, under the member as one part of the path', async () => {
    const { asked } = await balance({ userId: 1, points: 1 }, '/points', 'a/b?c#d@e.f');
    expect(asked).toMatchObject([
      {
        method: 'GET',
        url: '/users/a%2Fb%3Fc%23d%40e.f/wallet',
        headers: { 'x-api-key': coffeeClub.apiKey },
      },
    ]);
  });

  it.each(['.', '..'])('of the member %j is asked for nowhere', async (member) => {
    const { result, asked } = await balance({ userId: 1, points: 1 }, '/points', member);
    expect(result).toMatchObject({ kind: 'refused', refusal: 'member-unknown' });
    expect(asked).toEqual([]);
  });

  it.each([
    [{ userId: 'u', points: 5 }, '/points', 5],
    [{ data: { userId: 'u', points: 5 } }, '/points', 5],
    [{ userId: 'u', data: undefined, points: -5 }, '/points', -5],
    [{ userId: 'u', balances: [{ points: 1 }, { points: 7 }] }, '/balances/1/points', 7],
    [{ userId: 'u', 'a/b': { 'c~d': { '~1': 8 } } }, '/a~1b/c~0d/~01', 8],
    [{ userId: 'u', '': { '': 9 } }, '//', 9],
  ])('%j has at %s %i points', async (body, pointer, points) => {
    expect((await balance(body, pointer)).result).toEqual({ memberId: 'u', points });
  });

  it.each([
    [{ userId: 'u', points: 5 }, '/other'],
    [{ userId: 'u', points: 5 }, '/points/more'],
    [{ userId: 'u', points: null }, '/points/more'],
    [{ userId: 'u', points: '5' }, '/points'],
    [{ userId: 'u', points: 5.5 }, '/points'],
    [{ points: 5 }, '/points'],
    [{ userId: '', points: 5 }, '/points'],
    [{ data: null }, '/points'],
    [null, '/points'],
    ['no JSON', '/points'],
  ])('%j has no points at %s', async (body, pointer) => {
    expect((await balance(body, pointer)).result).toMatchObject({
      kind: 'unknown',
      message: 'wallet: the answer could not be read',
    });
  });
});

describe('the rate', () => {
  it('is the setting that the program names, and asked for again after five minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const settings = ['0.01', '0.02'].map((value) => ({ body: { data: { value } } }));
    const { provider, asked } = await open({ '/pointsCurrencyValue': settings });
    const rate = async () => (await provider.quote({ points: 100 })).rate;
    expect(await rate()).toBe('0.01');
    vi.setSystemTime(Date.now() + 5 * 60_000 - 1);
    expect(await rate()).toBe('0.01');
    vi.setSystemTime(Date.now() + 1);
    expect(await rate()).toBe('0.02');
    expect(asked.map(({ url }) => url)).toEqual([
      '/settings/pointsCurrencyValue',
      '/settings/pointsCurrencyValue',
    ]);
  });

  it('may have a name with a slash', async () => {
    const { provider, asked } = await open(
      { '/settings/a%2Fb': { body: { value: '1' } } },
      { rate: { setting: 'a/b' } },
    );
    expect(await provider.quote({ points: 2 })).toMatchObject({ discountMinor: 200 });
    expect(asked).toHaveLength(1);
  });

  it.each(['0', '0.00', '-1', '1e3', '', '1.', '.5', 'x0.01', '0.01x', 1])(
    'is none that is %j',
    async (value) => {
      const { provider } = await open({ '/pointsCurrencyValue': { body: { value } } });
      await expect(provider.quote({ points: 1 })).rejects.toMatchObject({
        kind: 'unknown',
        message: 'setting: the answer could not be read',
      });
    },
  );
});

describe('a movement', () => {
  const script = {
    '/reactions': {
      body: [
        { type: 'POINTS', points: -60 },
        { type: 'POINTS', points: -40 },
        { type: 'POINTS' },
        { type: 'BADGE', points: 7 },
      ],
    },
    '/events': { body: { id: 'E1' } },
    '/wallet': { body: { userId: 'anna', points: 400 } },
  };

  it('is an event of the canonical member without personal data, and done when its points are seen to move', async () => {
    const { provider, asked } = await open(script);
    const deduction = { ...DEDUCTION, member: 'card-1', memberId: 'u 1', cashier: 'C1' };
    expect(await provider.deductPoints(deduction, WAIT_MS)).toEqual({
      reference: 'E1',
      balance: 400,
    });
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /events',
      'GET /events/E1/reactions',
      'GET /users/u%201/wallet',
    ]);
    expect(asked[0]).toMatchObject({
      headers: {
        'x-api-key': coffeeClub.apiKey,
        authorization: `Bearer ${coffeeClub.deduction.secret}`,
      },
    });
    expect(asked[0]?.body).toEqual({
      type: 'REDEEMED_POINTS',
      subject: 'u 1',
      payload: {
        points: 100,
        program: 'coffee-club',
        redemptionId: 'R1',
        move: 'deduct',
        store: 'S1',
        till: 'T1',
        cashier: 'C1',
      },
      occurredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
  });

  it('back is an event of its own type and secret', async () => {
    const { provider, asked } = await open({
      ...script,
      '/reactions': { body: { data: [{ type: 'POINTS', points: 100 }] } },
    });
    expect(await provider.restorePoints(DEDUCTION, 'E0', WAIT_MS)).toEqual({ reference: 'E1' });
    expect(asked[0]).toMatchObject({
      headers: { authorization: `Bearer ${coffeeClub.restoration.secret}` },
      body: { type: 'POINTS_REFUND', payload: { move: 'restore' } },
    });
    expect(asked[0]?.body).not.toHaveProperty('payload.cashier');
  });

  it('that was answered without an id is unknown', async () => {
    const { provider } = await open({ '/events': { body: {} } });
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'unknown',
      message: 'event: the answer could not be read',
    });
  });
});

describe('an event is', () => {
  const event = {
    id: 'E1',
    type: 'REDEEMED_POINTS',
    subject: 'anna',
    payload: { points: 100, program: 'coffee-club', redemptionId: 'R1', move: 'deduct' },
    createdAt: '2026-03-01T10:00:01Z',
  };
  const owner = async (body: unknown, points = -100, reference = 'E1') => {
    const { provider, asked } = await open({
      '/reactions': { body: [{ type: 'POINTS', points }] },
      '/events/E1': { body },
      '/events/E%2F1': { body },
      '/events/E2': { status: 500 },
    });
    return { owner: await provider.ownerOf(DEDUCTION, reference), asked };
  };
  const with_ = (payload: object, more: object = {}) => ({
    ...event,
    ...more,
    payload: { ...event.payload, ...payload },
  });

  it.each([
    ['ours', event, -100],
    ['ours', { data: event }, -100],
    ['ours', with_({ move: undefined }), -100],
    ['ours', with_({}, { type: 'SPENT_POINTS' }), -100],
    ['not-applied', event, 0],
    ['not-applied', event, -99],
    ['other', with_({ redemptionId: 'R2' }), -100],
    ['other', with_({ program: 'tea-club' }), -100],
    ['other', with_({ points: 99 }), -100],
    ['other', with_({ move: 'restore' }), -100],
    ['other', with_({ move: undefined }, { type: 'POINTS_REFUND' }), -100],
    ['other', { ...event, payload: 'text' }, -100],
  ])('%s: %j that moved %i', async (expected, body, points) => {
    expect((await owner(body, points)).owner).toBe(expected);
  });

  it('unknown where there is none', async () => {
    expect((await owner(event, -100, 'E3')).owner).toBe('unknown');
    for (const reference of ['.', '..']) {
      const { owner: nobody, asked } = await owner(event, -100, reference);
      expect(nobody).toBe('unknown');
      expect(asked).toEqual([]);
    }
  });

  it('asked for as one part of the path', async () => {
    const { asked } = await owner(event, -100, 'E/1');
    expect(asked).toMatchObject([
      { url: '/events/E%2F1', headers: { 'x-api-key': coffeeClub.apiKey } },
      { url: '/events/E%2F1/reactions' },
    ]);
  });

  it('not judged by an answer that is none', async () => {
    await expect(owner(event, -100, 'E2')).rejects.toMatchObject({
      kind: 'unknown',
      message: 'event: HTTP 500',
    });
    await expect(owner({ id: 'E1' })).rejects.toMatchObject({ kind: 'unknown' });
  });
});
