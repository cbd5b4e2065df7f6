/**
 * Access keys say who may do what, in which programs and stores. A key is 256 random bits, and only its SHA-256 is stored.
 * Unlike a password it cannot be guessed, so a slow hash would only slow down every request.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from '../schemas/redemption.ts';

export const scopes = ['quote', 'redeem', 'read', 'payments', 'operate'] as const;
export type Scope = (typeof scopes)[number];

/** Two keys of one id work at once, so that a new one can be rolled out while the old one is still in use. */
const MAX_HASHES = 2;

const some = (what: string) =>
  z.array(idSchema).min(1, `must name at least one ${what}: leave it out to allow every ${what}`);

const accessKeySchema = z.strictObject({
  id: idSchema,
  scopes: z
    .array(z.enum(scopes, { error: `must be one of ${scopes.join(', ')}` }))
    .min(1, `must name at least one of ${scopes.join(', ')}`),
  programs: some('program').optional(),
  stores: some('store').optional(),
  requestsPerMinute: z.int().min(1).optional(),
  /** The newest last. */
  hashes: z
    .array(z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'))
    .min(1, 'must hold at least one hash')
    .max(MAX_HASHES, `must hold at most ${MAX_HASHES} hashes: remove the oldest`),
});

/** The schema of the file that `GATEWAY_ACCESS_KEYS` names. */
export const accessKeysSchema = z.strictObject({
  keys: z
    .array(accessKeySchema)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, {
      error: 'has two entries with the same id: give each entry its own id',
    }),
});

export type AccessKey = z.infer<typeof accessKeySchema>;

/** Compares with every hash, each in constant time, so that the time of an answer shows nothing. */
export function findAccessKey(keys: readonly AccessKey[], secret: string): AccessKey | undefined {
  const presented = Buffer.from(hashOf(secret));
  let found: AccessKey | undefined;
  for (const key of keys)
    for (const hash of key.hashes) if (timingSafeEqual(presented, Buffer.from(hash))) found = key;
  return found;
}

export interface NewKey {
  /** It is shown once, and stored nowhere. */
  readonly secret: string;
  readonly hash: string;
}

export function newKey(): NewKey {
  const secret = `prk_${randomBytes(32).toString('base64url')}`;
  return { secret, hash: hashOf(secret) };
}

/** Adds a hash and keeps the newest one before it, so that the two newest keys work. */
export function withHash(hashes: readonly string[], hash: string): string[] {
  return [...hashes.slice(1 - MAX_HASHES), hash];
}

function hashOf(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}
