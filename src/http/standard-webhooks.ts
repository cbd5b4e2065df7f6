/** Signs and checks webhooks as Standard Webhooks says, https://www.standardwebhooks.com: HMAC-SHA256 of `id.timestamp.body`. */
import { hmacSha256, isSameText } from './signatures.ts';

/** The difference between both clocks that a receiver allows, in both directions. */
const TOLERANCE_S = 5 * 60;

export interface SignedHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** `secret` is `whsec_` and the key in base64. */
export function signWebhook(secret: string, id: string, at: Date, body: string): SignedHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signatureOf(secret, id, timestamp, body)}`,
  };
}

/** Returns whether one of the signatures in the header is by this secret, and fresh. */
export function isSignedWebhook(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signatures = headers['webhook-signature'];
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string')
    return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = `v1,${signatureOf(secret, id, timestamp, body)}`;
  return signatures.split(' ').some((signature) => isSameText(signature, expected));
}

function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return hmacSha256(key, `${id}.${timestamp}.${body}`, 'base64');
}
