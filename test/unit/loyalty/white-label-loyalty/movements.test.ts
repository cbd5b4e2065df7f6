/** White Label Loyalty: when a movement counts as done, and how it is found again. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  DEDUCTION,
  scriptedProvider,
  type Script,
} from '../../../support/loyalty/scripted-provider.ts';

const WAIT_MS = 3_000;
const open = (script: Script) => scriptedProvider('coffee-club', script);
const reactions = (...points: number[]) => points.map((each) => ({ type: 'POINTS', points: each }));

afterEach(() => vi.useRealTimers());

describe('a movement', () => {
  const accepted = {
    '/events': { body: { id: 'E1' } },
    '/wallet': { body: { userId: 'anna', points: 400 } },
  };

  /** The time is over with the third answer of this call. */
  const overAt = (body: unknown) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    return [{ body }, { body }, { body, first: () => void vi.advanceTimersByTime(WAIT_MS) }];
  };

  it.each([
    [[], 'the event was accepted, and no reaction moved its points'],
    [[-100, 100], 'the event was accepted, and no reaction moved its points'],
    [[-99], 'the event was accepted, and its reactions add up to -99 points, not -100'],
    [[-100, -100], 'the event was accepted, and its reactions add up to -200 points, not -100'],
  ])('whose reactions moved %j is not applied, and what it moved is named', async (sums, why) => {
    const script = { '/reactions': overAt(reactions(...sums)), ...accepted };
    const { provider, asked } = await open(script);
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'not-applied',
      reference: 'E1',
      message: why,
    });
    expect(asked).toHaveLength(4);
  });

  it('is waited for, past reads that fail', async () => {
    const failed = { status: 500 };
    const { provider, asked } = await open({
      '/reactions': [failed, { body: [] }, { body: reactions(-100) }],
      '/events': accepted['/events'],
      '/wallet': [failed, accepted['/wallet']],
    });
    expect(await provider.deductPoints(DEDUCTION, WAIT_MS)).toEqual({
      reference: 'E1',
      balance: 400,
    });
    expect(asked).toHaveLength(6);
  });

  it('is unknown, with its reference, when the balance cannot be read after it', async () => {
    const { provider } = await open({
      ...accepted,
      '/reactions': { body: reactions(-100) },
      '/wallet': overAt('no JSON'),
    });
    await expect(provider.deductPoints(DEDUCTION, WAIT_MS)).rejects.toMatchObject({
      kind: 'unknown',
      reference: 'E1',
      message: 'the wallet could not be read after the deduction',
    });
  });

  it('back is done by plus its points alone', async () => {
    const script = { ...accepted, '/reactions': overAt(reactions(-100)) };
    const { provider } = await open(script);
    await expect(provider.restorePoints(DEDUCTION, 'E0', WAIT_MS)).rejects.toMatchObject({
      kind: 'not-applied',
      message: 'the event was accepted, and its reactions add up to -100 points, not 100',
    });
  });
});

describe('the list of events', () => {
  const event = (id: string, rest: object = {}) => ({
    id,
    type: 'OTHER',
    subject: 'bob',
    payload: {},
    createdAt: '2026-03-01T12:00:00Z',
    ...rest,
  });
  const ours = (id: string, move: string, subject = 'anna') =>
    event(id, { subject, payload: { program: 'coffee-club', redemptionId: 'R1', move } });
  const list = (...events: object[]) => [{ body: events }, { body: [] }];

  it('is read from the newest, a hundred at a time, until the attempt', async () => {
    const page = (createdAt: string) => ({
      body: Array.from({ length: 100 }, (_, index) =>
        event(`${createdAt}-${index}`, { createdAt }),
      ),
    });
    // Five minutes before the attempt are read too, because the clocks may differ.
    const pages = ['2026-03-01T12:00:00Z', '2026-03-01T09:55:00Z', '2026-03-01T09:54:59Z'].map(
      page,
    );
    const { provider, asked } = await open({ '/events': pages });
    expect(await provider.findDeduction(DEDUCTION)).toEqual({ kind: 'not-found' });
    expect(asked.map(({ url }) => url)).toEqual([
      '/events/?order=DESC&limit=100&skip=0',
      '/events/?order=DESC&limit=100&skip=100',
      '/events/?order=DESC&limit=100&skip=200',
    ]);
  });

  it.each([
    ['anna', 'u1', 'found'],
    ['card', 'anna', 'found'],
    ['card', 'u1', 'ambiguous'],
  ])('under anna, for the card %s of member %s, is %s', async (member, memberId, kind) => {
    const { provider } = await open({
      '/reactions': { body: reactions(-100) },
      '/events': list(ours('E1', 'deduct')),
    });
    expect(await provider.findDeduction({ ...DEDUCTION, member, memberId })).toMatchObject({
      kind,
    });
  });

  it('tells a deduction from its restoration, and what either has moved', async () => {
    const script = {
      '/E1/reactions': { body: reactions(-100) },
      '/E2/reactions': { body: reactions(60) },
      '/events': list(ours('E2', 'restore'), ours('E1', 'deduct')),
    };
    const found = { kind: 'found', reference: 'E1', applied: true };
    expect(await (await open(script)).provider.findDeduction(DEDUCTION)).toEqual(found);
    expect(await (await open(script)).provider.findRestoration(DEDUCTION, 'E1')).toEqual({
      kind: 'found',
      reference: 'E2',
      applied: false,
      detail: 'the event was accepted, and its reactions add up to 60 points, not 100',
    });
  });

  it('has found a movement whose points did not move yet', async () => {
    const { provider } = await open({
      '/reactions': { body: [] },
      '/events': list(ours('E1', 'deduct')),
    });
    expect(await provider.findDeduction(DEDUCTION)).toEqual({
      kind: 'found',
      reference: 'E1',
      applied: false,
    });
  });
});

describe('a call that fails', () => {
  type Provider = Awaited<ReturnType<typeof open>>['provider'];
  const calls: [string, string, (provider: Provider) => Promise<unknown>][] = [
    ['wallet', '/wallet', (provider) => provider.checkBalance('anna')],
    ['setting', '/pointsCurrencyValue', (provider) => provider.quote({ points: 1 })],
    ['event', '/events', (provider) => provider.deductPoints(DEDUCTION, WAIT_MS)],
    ['events', '/events', (provider) => provider.findDeduction(DEDUCTION)],
    ['event', '/events/E1', (provider) => provider.ownerOf(DEDUCTION, 'E1')],
  ];

  it.each(calls)('is named, and nothing of its answer: %s', async (call, path, ask) => {
    const failed = await open({ [path]: { status: 500, body: 'anna' } });
    const message = (text: string) => ({ kind: 'unknown', message: `${call}: ${text}` });
    await expect(ask(failed.provider)).rejects.toMatchObject(message('HTTP 500'));
    const strange = await open({ [path]: { body: { name: 'anna' } } });
    await expect(ask(strange.provider)).rejects.toMatchObject(
      message('the answer could not be read'),
    );
    await expect(
      ask((await open({ [path]: { body: 'x'.repeat(2 ** 20 + 1) } })).provider),
    ).rejects.toMatchObject({
      kind: 'unknown',
      message: expect.stringMatching(new RegExp(`^${call}: `)) as string,
    });
  });

  it.each([
    [404, 'member-unknown'],
    [403, 'rejected'],
  ])('with %i to the wallet is refused as %s', async (status, refusal) => {
    const { provider } = await open({ '/wallet': { status } });
    await expect(provider.checkBalance('anna')).rejects.toMatchObject({ kind: 'refused', refusal });
  });

  it('has a rate all the same where the program names it', async () => {
    const program = { rate: { value: '0.02' } };
    const { provider, asked } = await scriptedProvider('coffee-club', {}, program);
    expect(await provider.quote({ points: 250 })).toMatchObject({ discountMinor: 500 });
    expect(asked).toEqual([]);
    expect(provider.capabilities).toEqual({
      refusesOverspending: false,
      findsByReference: true,
      partialRestore: true,
    });
  });
});
