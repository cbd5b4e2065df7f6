/**
 * Access keys say who may do what, in which programs and stores. A key is 256 random bits, and only its SHA-256 is stored.
 * Unlike a password it cannot be guessed, so a slow hash would only slow down every request.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from '../schemas/redemption.ts';

export const scopes = [
  'quote',
  /** Shows the member's balance in a quote. */
  'balance',
  'redeem',
  'read',
  /** Both of the next two. */
  'payments',
  'capture',
  'void',
  'operate',
] as const;
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
  /** What a redemption id must begin with. Without it, a key that names stores has `STORE-` of each. */
  idPrefixes: some('prefix').optional(),
  expires: z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' })
    .optional(),
  requestsPerMinute: z.int().min(1).optional(),
  /** Quotes and redemptions of one member. */
  memberRequestsPerMinute: z.int().min(1).optional(),
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

/**
 * Makes the look-up of a key by its secret. It finds the SHA-256 of the secret in an index, whose time tells nothing useful,
 * because nobody can choose a secret by its hash. A key that has expired is not found.
 */
export function accessKeyFinder(
  keys: readonly AccessKey[],
): (secret: string) => AccessKey | undefined {
  const byHash = new Map(keys.flatMap((key) => key.hashes.map((hash) => [hash, key] as const)));
  return (secret) => {
    const key = byHash.get(hashOf(secret));
    return key === undefined || hasExpired(key) ? undefined : key;
  };
}

function hasExpired({ expires }: AccessKey): boolean {
  return expires !== undefined && Date.parse(expires) <= Date.now();
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
