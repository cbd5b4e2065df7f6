/** The sources file is read whole or stops the start with one sentence, which holds no secret. */
import { describe, expect, it } from 'vitest';
import { moneyAt } from '../../../src/gateway/payment-events/minor-units.ts';
import { sandboxPrograms } from '../../../src/programs/programs.ts';
import { SettingsError } from '../../../src/schemas/settings-error.ts';
import { readSources } from '../../support/gateway/payment-events-gateway.ts';
import {
  newAdyenSecret,
  newStandardSecret,
  newStripeSecret,
} from '../../support/gateway/payment-events-senders.ts';

const programs = sandboxPrograms('http://127.0.0.1:1');
const environment = {
  STRIPE: newStripeSecret(),
  ADYEN: newAdyenSecret(),
  STANDARD: newStandardSecret(),
  EMPTY: '',
};
const stripe = { id: 'card', kind: 'stripe', programs: ['coffee-club'], secrets: ['env:STRIPE'] };
const adyen = {
  id: 'pos',
  kind: 'adyen',
  programs: ['coffee-club'],
  secrets: ['env:ADYEN'],
  capture: 'manual',
};
const standard = {
  id: 'psp',
  kind: 'standard-webhooks',
  programs: ['coffee-club', 'travel-miles'],
  secrets: ['env:STANDARD'],
};

const read = (content: unknown) => readSources(content, programs, environment);

function refusal(content: unknown): string {
  try {
    read(content);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error('the file was taken');
}

describe('the payment sources', () => {
  it('have their defaults', () => {
    const sources = read({ sources: [stripe, adyen, standard] });
    expect(sources.get('card')).toEqual({
      ...stripe,
      secrets: [environment.STRIPE],
      tolerance: 300_000,
      redemptionId: { metadata: 'redemption_id' },
      program: { metadata: 'program' },
    });
    expect(sources.get('pos')).toEqual({
      ...adyen,
      secrets: [environment.ADYEN],
      merchantReferencePrefix: '',
    });
    expect(sources.get('psp')).toEqual({ ...standard, secrets: [environment.STANDARD] });
  });

  it('take a signature of the last second alone, and no shorter time', () => {
    const sources = read({ sources: [{ ...stripe, tolerance: '1s' }] });
    expect(sources.get('card')).toMatchObject({ tolerance: 1_000 });
  });

  it.each([
    ['{', 'is not JSON'],
    [[], 'must be a'],
    [{}, 'sources is missing'],
    [{ sources: [{ ...stripe, kind: 'paypal' }] }, 'must be stripe, adyen or standard-webhooks'],
    [{ sources: [{ ...stripe, colour: 'red' }] }, 'sources[0].colour is not a known field'],
    [{ sources: [{ ...stripe, id: 'a/b' }] }, 'sources[0].id must be 1 to 64'],
    [{ sources: [{ ...stripe, programs: [] }] }, 'must name at least one program'],
    [{ sources: [{ ...stripe, programs: ['tea'] }] }, 'source card names the program tea'],
    [{ sources: [stripe, stripe] }, 'two entries with the id card'],
    [{ sources: [{ ...stripe, tolerance: '0s' }] }, 'tolerance must be at least 1s'],
    [{ sources: [{ ...stripe, secrets: [] }] }, 'must name at least one secret'],
    [{ sources: [{ ...stripe, secrets: ['env:EMPTY'] }] }, 'EMPTY is not set'],
    [{ sources: [{ ...stripe, secrets: ['env:NONE'] }] }, 'NONE is not set'],
    [{ sources: [{ ...stripe, secrets: ['env:ADYEN'] }] }, 'secrets[0] must be a signing secret'],
    [{ sources: [{ ...adyen, secrets: ['env:STRIPE'] }] }, 'secrets[0] must be an HMAC key'],
    [{ sources: [{ ...standard, secrets: ['env:ADYEN'] }] }, 'secrets[0] must be whsec_'],
    [{ sources: [{ ...adyen, programs: standard.programs }] }, 'must name one program'],
    [{ sources: [{ ...adyen, capture: undefined }] }, 'sources[0].capture'],
  ])('stop the start when they are %j', (content, complaint) => {
    expect(refusal(content)).toContain(complaint);
    expect(refusal(content)).toMatch(/^GATEWAY_PAYMENT_SOURCES \(.*\)[^\n]*\.$/);
  });

  it('name the place of a secret that stands in the clear, and never the secret', () => {
    const message = refusal({ sources: [{ ...stripe, secrets: [environment.STRIPE] }] });
    expect(message).toContain('sources[0].secrets[0] holds a secret in the clear');
    expect(message).not.toContain(environment.STRIPE);
  });
});

describe('an amount in minor units', () => {
  it.each([
    ['stripe', 19_800, 'GBP', '198.00'],
    ['stripe', 5, 'EUR', '0.05'],
    ['stripe', 500, 'JPY', '500'],
    ['stripe', 5_120, 'KWD', '5.120'],
    ['stripe', 1_000, 'HUF', '10.00'],
    ['stripe', 500, 'ISK', '5.00'],
    ['stripe', 500, 'CLP', '500'],
    ['stripe', 500, 'CVE', '5.00'],
    ['stripe', 5_120, 'IQD', '51.20'],
    ['adyen', 19_800, 'INR', '198.00'],
    ['adyen', 500, 'JPY', '500'],
    ['adyen', 5_120, 'BHD', '5.120'],
    ['adyen', 500, 'CLP', '5.00'],
    ['adyen', 500, 'CVE', '500'],
    ['adyen', 5_120, 'IQD', '5.120'],
    ['adyen', 500, 'IDR', '500'],
  ] as const)('of %s: %i %s is %s', (vendor, minor, currency, amount) => {
    expect(moneyAt(vendor, minor, currency)).toEqual({ amount, currency });
  });

  it.each([
    [-1, 'GBP'],
    [1, ''],
    [1, 'gbp'],
    [Number.MAX_SAFE_INTEGER, 'JPY'],
  ])('is none when it is %i %s', (minor, currency) => {
    expect(moneyAt('adyen', minor, currency)).toBeUndefined();
  });
});
