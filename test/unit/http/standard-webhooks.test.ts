/** A webhook is taken with its three headers alone, and only for five minutes. What is refused here has a true signature. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hmacSha256 } from '../../../src/http/signatures.ts';
import { isSignedWebhook, signWebhook } from '../../../src/http/standard-webhooks.ts';

const KEY = Buffer.from('a key of twenty-four bytes');
const SECRET = `whsec_${KEY.toString('base64')}`;
const AT = new Date('2026-03-01T10:00:00.500Z');
const BODY = '{}';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: AT }));
afterEach(() => void vi.useRealTimers());

const signed = { ...signWebhook(SECRET, 'msg_1', AT, BODY) };
const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

it.each(names)('is none with a %s that is missing or a list', (name) => {
  expect(isSignedWebhook(SECRET, signed, BODY)).toBe(true);
  for (const value of [undefined, [signed[name]]])
    expect(isSignedWebhook(SECRET, { ...signed, [name]: value }, BODY)).toBe(false);
});

it.each(['', 'now', '-1772359200', '1772359200.5', '1772359200x', 'x1772359200', '0x69a40e60'])(
  'is none that was signed at %j',
  (timestamp) => {
    const signature = hmacSha256(KEY, `msg_1.${timestamp}.${BODY}`, 'base64');
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    };
    expect(isSignedWebhook(SECRET, headers, BODY)).toBe(false);
  },
);

it.each([
  [-300, true],
  [300, true],
  [-301, false],
  [301, false],
])('is taken by a clock that is %i s off: %s', (seconds, isTaken) => {
  vi.setSystemTime(Math.floor(AT.getTime() / 1_000) * 1_000 + seconds * 1_000);
  expect(isSignedWebhook(SECRET, signed, BODY)).toBe(isTaken);
});
