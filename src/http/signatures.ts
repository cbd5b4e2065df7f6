/** HMAC-SHA256 and the comparison of signatures, by Node's own cryptography, which hashes a megabyte in about a millisecond. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** The encodings in which vendors write a signature. */
type Encoding = 'hex' | 'base64';

export function hmacSha256(key: string | Buffer, text: string, encoding: Encoding): string {
  return createHmac('sha256', key).update(text).digest(encoding);
}

/** Compares the texts in constant time, so that the time of an answer tells nothing of the signature that was expected. */
export function isSameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
