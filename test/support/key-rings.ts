import { randomBytes } from 'node:crypto';
import type { Key, KeyRing } from '../../src/encryption/key-ring.ts';

export const newKey = (id: string): Key => ({ id, key: randomBytes(32) });

const memberHashKey = randomBytes(32);

/** The first encrypts, all decrypt. */
export function keyRingOf(first: Key, ...others: Key[]): KeyRing {
  return {
    first,
    byId: new Map([first, ...others].map((key) => [key.id, key])),
    memberHashKey,
  };
}
