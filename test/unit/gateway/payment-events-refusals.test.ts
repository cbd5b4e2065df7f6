/** What no vendor sends is refused alike, whatever it is, and reaches no redemption. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxPrograms } from '../../../src/programs/programs.ts';
import {
  openPaymentGateway,
  type PaymentGateway,
} from '../../support/gateway/payment-events-gateway.ts';

/** Whoever is told something is answered 500 for it, which no test here expects. */
const reach = () => Promise.reject(new Error('an event reached a redemption'));

let gateway: PaymentGateway;
beforeAll(async () => {
  const programs = sandboxPrograms('http://127.0.0.1:1');
  gateway = await openPaymentGateway({ capture: reach, void: reach, status: reach }, programs);
});
afterAll(() => gateway.close());

describe('the gateway', () => {
  const PROBLEM = { type: expect.stringContaining('application/problem+json') };

  it('knows no other source', async () => {
    for (const source of ['nobody', 'constructor', '..%2Fstripe', 'x'.repeat(90)])
      expect(await gateway.send(source, { body: '{}', headers: {} })).toMatchObject({
        ...PROBLEM,
        status: 404,
      });
  });

  it.each(['stripe', 'adyen', 'standard'])(
    'refuses what no vendor sends to %s, without a word why',
    async (source) => {
      const texts = new Set<string>();
      const bodies = ['', '{}', '[]', 'null', '\u0000', '{"a":'.repeat(10_000)];
      const signed = {
        'stripe-signature': 't=,v1=',
        'webhook-id': 'a',
        'webhook-timestamp': 'now',
        'webhook-signature': 'v1',
      };
      for (const body of [...bodies, new Uint8Array([0xff, 0xfe, 0x80])])
        for (const headers of [{}, signed]) {
          const answer = await gateway.send(source, { body, headers });
          expect(answer).toMatchObject({ ...PROBLEM, status: 400 });
          texts.add(answer.text);
        }
      expect(texts.size).toBe(1);
    },
  );

  it('takes no body above 256 KiB', async () => {
    const body = ' '.repeat(262_145);
    expect(await gateway.send('stripe', { body, headers: {} })).toMatchObject({ status: 413 });
  });
});
