/**
 * Tokens say who may read. A token is 256 random bits, and only its SHA-256 is stored. Unlike a password it cannot be guessed,
 * so a slow hash would only slow down every request.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from '../schemas/redemption.ts';

const tokenSchema = z.strictObject({
  id: idSchema,
  hash: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
  created: z.iso.date().optional(),
});

/** The schema of the file that `CODEC_SERVER_TOKENS` names. */
export const tokensSchema = z.strictObject({
  tokens: z
    .array(tokenSchema)
    .refine((tokens) => new Set(tokens.map(({ id }) => id)).size === tokens.length, {
      error: 'has two entries with the same id: give each entry its own id',
    }),
});

/** One person, or one program, that may read. */
export type Token = z.infer<typeof tokenSchema>;

export interface Tokens {
  find(secret: string): Token | undefined;
  /** Whether it still counts: it may have been removed or replaced since it was found. */
  holds(token: Token): boolean;
}

/** Of `CODEC_SERVER_TOKEN`, which all readers share: the log can only say that it was one of them. */
export function sharedToken(secret: string): Tokens {
  return tokensOf(() => [{ id: 'shared', hash: hashOf(secret) }]);
}

export function tokensOf(current: () => readonly Token[]): Tokens {
  return {
    find: (secret) => findToken(current(), secret),
    holds: ({ id, hash }) => current().some((token) => token.id === id && token.hash === hash),
  };
}

export function newToken(id: string): { readonly secret: string; readonly token: Token } {
  const secret = `crt_${randomBytes(32).toString('base64url')}`;
  const created = new Date().toISOString().slice(0, 10);
  return { secret, token: { id, hash: hashOf(secret), created } };
}

/** Compares with every hash, each in constant time, so that the time of an answer shows nothing. */
function findToken(tokens: readonly Token[], secret: string): Token | undefined {
  const presented = Buffer.from(hashOf(secret));
  let found: Token | undefined;
  for (const token of tokens)
    if (timingSafeEqual(presented, Buffer.from(token.hash))) found = token;
  return found;
}

export function hashOf(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}
