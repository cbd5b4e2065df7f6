import { createHmac, randomBytes } from 'node:crypto';
import type { RedemptionRequest } from '../schemas/redemption.ts';
import type { Fingerprint } from '../workflows/messages.ts';

/** A new random key, so that the fingerprint also tells whose request started the run. */
export function newFingerprint(request: RedemptionRequest): Fingerprint {
  return fingerprintWith(randomBytes(16).toString('hex'), request);
}

/** Whether the request has the content that the fingerprint was made of; the deadlines do not count. */
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
