import { createHmac, randomBytes } from 'node:crypto';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import type { Fingerprint } from '../workflows/messages.ts';

/** Makes a fingerprint with a new random key, which also shows whose request started the run. */
export function newFingerprint(request: RedemptionRequest): Fingerprint {
  return fingerprintWith(randomBytes(16).toString('hex'), request);
}

/** Returns whether the request has the content of the fingerprint. Deadlines do not count. */
export function hasContent(fingerprint: Fingerprint, request: RedemptionRequest): boolean {
  return fingerprintWith(fingerprint.key, request).digest === fingerprint.digest;
}

function fingerprintWith(key: string, request: RedemptionRequest): Fingerprint {
  const { program, member, points, amount, basket, store, till } = request;
  const content = JSON.stringify([
    program,
    member,
    points ?? null,
    amount === undefined ? null : [amount.amount, amount.currency],
    [basket.amount, basket.currency],
    store,
    till,
  ]);
  return { key, digest: createHmac('sha256', key).update(content).digest('hex') };
}
