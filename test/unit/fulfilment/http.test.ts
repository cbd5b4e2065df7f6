import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fulfilment, FulfilmentOrder } from '../../../src/fulfilment/fulfilment.ts';
import { createFulfilment } from '../../../src/fulfilment/http.ts';
import type { ServiceSettings } from '../../../src/http/service-settings.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

describe('the fulfilment service', () => {
  let sandbox: Sandbox;
  let settings: Extract<ServiceSettings, { kind: 'http' }>;
  let fulfilment: Fulfilment;

  beforeAll(async () => {
    sandbox = await openSandbox();
    const configured = sandbox.programs.get('coffee-club')?.fulfilment;
    if (configured?.kind !== 'http') throw new Error('the sandbox program fulfils nothing');
    settings = configured;
    fulfilment = open(settings);
  });
  afterEach(() => sandbox.assertLedgerAddsUp());
  afterAll(() => sandbox.close());

  function open(service: ServiceSettings): Fulfilment {
    const opened = createFulfilment(service);
    if (opened === undefined) throw new Error('expected a fulfilment service');
    return opened;
  }

  const order = (redemptionId: string): FulfilmentOrder => ({
    program: 'coffee-club',
    redemptionId,
    points: 500,
    discount: { amount: '5.00', currency: 'GBP' },
    store: 'store-1',
    till: 'till-1',
  });

  const given = async (redemptionId: string) =>
    (await sandbox.ledger()).fulfilments.filter((entry) => entry.redemptionId === redemptionId);

  it('is not there where the program names none', () => {
    expect(createFulfilment({ kind: 'none' })).toBeUndefined();
  });

  it('gives what the points bought once, however often it is asked', async () => {
    const first = await fulfilment.fulfil(order('once'));
    expect(first.kind).toBe('fulfilled');
    expect(await fulfilment.fulfil(order('once'))).toEqual(first);
    expect(await given('once')).toMatchObject([{ times: 1 }]);
  });

  it('takes it back, once and again', async () => {
    await fulfilment.fulfil(order('back'));
    expect(await fulfilment.cancelFulfilment('coffee-club', 'back')).toEqual({ kind: 'cancelled' });
    expect(await fulfilment.cancelFulfilment('coffee-club', 'back')).toEqual({ kind: 'cancelled' });
    expect(await given('back')).toMatchObject([{ state: 'cancelled' }]);
  });

  it('gives nothing any more after a cancellation that came first', async () => {
    expect(await fulfilment.cancelFulfilment('coffee-club', 'early')).toEqual({
      kind: 'cancelled',
    });
    expect((await fulfilment.fulfil(order('early'))).kind).toBe('refused');
  });

  it('says when it is still working', async () => {
    await sandbox.fault({ service: 'fulfilment', call: 'fulfil', fault: 'pending', times: 1 });
    expect(await fulfilment.fulfil(order('slow'))).toEqual({ kind: 'pending' });
    expect((await fulfilment.fulfil(order('slow'))).kind).toBe('fulfilled');
  });

  it('says when it refuses, and in whose words', async () => {
    await sandbox.fault({ service: 'fulfilment', call: 'fulfil', fault: 'refuse', times: 1 });
    expect(await fulfilment.fulfil(order('refused'))).toMatchObject({
      kind: 'refused',
      message: expect.stringMatching(/./) as unknown,
    });
    await fulfilment.fulfil(order('kept'));
    await sandbox.fault({ service: 'fulfilment', call: 'cancel', fault: 'refuse', times: 1 });
    expect(await fulfilment.cancelFulfilment('coffee-club', 'kept')).toMatchObject({
      kind: 'refused',
    });
  });

  it.each([
    'error-after-commit',
    'cut-after-commit',
    'unreadable-after-commit',
    'too-many-requests',
  ] as const)(
    'leaves the outcome open after %s, and the same order again settles it',
    async (fault) => {
      const id = `open-${fault}`;
      await sandbox.fault({ service: 'fulfilment', call: 'fulfil', fault, times: 1 });
      await expect(fulfilment.fulfil(order(id))).rejects.toThrow();
      expect((await fulfilment.fulfil(order(id))).kind).toBe('fulfilled');
      expect(await given(id)).toMatchObject([{ times: 1 }]);
    },
  );

  it.each(['error-after-commit', 'cut-after-commit'] as const)(
    'leaves a cancellation open after %s, and the same again settles it',
    async (fault) => {
      const id = `cancel-${fault}`;
      await fulfilment.fulfil(order(id));
      await sandbox.fault({ service: 'fulfilment', call: 'cancel', fault, times: 1 });
      await expect(fulfilment.cancelFulfilment('coffee-club', id)).rejects.toThrow();
      expect(await fulfilment.cancelFulfilment('coffee-club', id)).toEqual({ kind: 'cancelled' });
    },
  );

  it('refuses a wrong signature', async () => {
    const stranger = open({ ...settings, secret: 'wrong-secret' });
    expect((await stranger.fulfil(order('stranger'))).kind).toBe('refused');
    await expect(stranger.cancelFulfilment('coffee-club', 'stranger')).rejects.toThrow('HTTP 401');
    expect(await given('stranger')).toEqual([]);
    expect(await sandbox.takeViolations()).toMatchObject([
      { service: 'fulfilment' },
      { service: 'fulfilment' },
    ]);
  });
});
