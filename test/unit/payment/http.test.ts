import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceSettings } from '../../../src/http/service-settings.ts';
import { createPaymentSystem } from '../../../src/payment/http.ts';
import type { PaymentSystem } from '../../../src/payment/payment-system.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';

describe('the payment system', () => {
  let sandbox: Sandbox;
  let settings: Extract<ServiceSettings, { kind: 'http' }>;
  let payments: PaymentSystem;

  beforeAll(async () => {
    sandbox = await openSandbox();
    const configured = sandbox.programs.get('coffee-club')?.payment;
    if (configured?.kind !== 'http') throw new Error('the sandbox program asks no payment system');
    settings = configured;
    payments = open(settings);
  });
  afterEach(() => sandbox.assertLedgerAddsUp());
  afterAll(() => sandbox.close());

  function open(service: ServiceSettings): PaymentSystem {
    const opened = createPaymentSystem(service);
    if (opened === undefined) throw new Error('expected a payment system');
    return opened;
  }

  it('is not there where the program names none', () => {
    expect(createPaymentSystem({ kind: 'none' })).toBeUndefined();
  });

  it('knows nothing of a sale it never heard of', async () => {
    expect(await payments.askPayment('coffee-club', 'unheard-of')).toEqual({ status: 'none' });
  });

  it.each(['captured', 'voided', 'pending', 'none'] as const)('says %s', async (status) => {
    await sandbox.payment('coffee-club', `sale-${status}`, { status });
    expect(await payments.askPayment('coffee-club', `sale-${status}`)).toEqual({ status });
  });

  it('says which payment it was, and of how much', async () => {
    await sandbox.payment('coffee-club', 'sale-1', {
      status: 'captured',
      paymentId: 'pay-1',
      amount: '15.00',
      currency: 'GBP',
    });
    expect(await payments.askPayment('coffee-club', 'sale-1')).toEqual({
      status: 'captured',
      paymentId: 'pay-1',
      amount: { amount: '15.00', currency: 'GBP' },
    });
  });

  it('gives no answer to a wrong signature, and that is not taken for "not paid"', async () => {
    const stranger = open({ ...settings, secret: 'wrong-secret' });
    await expect(stranger.askPayment('coffee-club', 'sale-1')).rejects.toThrow('HTTP 401');
    expect(await sandbox.takeViolations()).toMatchObject([{ service: 'payment' }]);
  });

  it('gives no answer when it fails', async () => {
    await sandbox.fault({
      service: 'payment',
      call: 'status',
      fault: 'error-before-commit',
      times: 1,
    });
    await expect(payments.askPayment('coffee-club', 'sale-1')).rejects.toThrow('HTTP 500');
  });
});
