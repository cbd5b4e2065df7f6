/**
 * The sessions of browsers that signed in. They are kept here and nowhere else, so that signing out really ends them: a cookie
 * that was copied is worth nothing afterwards. A restart ends them all.
 */
import { randomBytes } from 'node:crypto';
import { hashOf, type Token, type Tokens } from './tokens.ts';

const HOUR_MS = 3_600_000;
export const SESSION_MS = 12 * HOUR_MS;
const IDLE_MS = HOUR_MS;

/** More browsers than those who share a token have. With more, the oldest session ends. */
const SESSIONS_PER_TOKEN = 100;

interface Session {
  readonly token: Token;
  readonly endsAt: number;
  usedAt: number;
}

export class Sessions {
  readonly #tokens: Tokens;
  /** By the hash of what the cookie holds, so that the time of a look-up shows nothing of it. */
  readonly #open = new Map<string, Session>();

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  /** Returns the value for the cookie. */
  begin(token: Token): string {
    for (const [hash, session] of this.#open) if (!this.#lives(session)) this.#open.delete(hash);
    const own = [...this.#open].filter(([, session]) => session.token.id === token.id);
    for (const [hash] of own.slice(0, 1 - SESSIONS_PER_TOKEN)) this.#open.delete(hash);
    const value = randomBytes(32).toString('base64url');
    const now = Date.now();
    this.#open.set(hashOf(value), { token, endsAt: now + SESSION_MS, usedAt: now });
    return value;
  }

  /** Returns whose session it was, if there was one. */
  end(value: string | undefined): Token | undefined {
    if (value === undefined) return undefined;
    const session = this.#open.get(hashOf(value));
    this.#open.delete(hashOf(value));
    return session?.token;
  }

  /** Whose session it is. Being asked about keeps it open. */
  use(value: string | undefined): Token | undefined {
    if (value === undefined) return undefined;
    const session = this.#open.get(hashOf(value));
    if (session === undefined) return undefined;
    if (!this.#lives(session)) {
      this.#open.delete(hashOf(value));
      return undefined;
    }
    session.usedAt = Date.now();
    return session.token;
  }

  #lives({ token, endsAt, usedAt }: Session): boolean {
    const now = Date.now();
    return now < endsAt && now < usedAt + IDLE_MS && this.#tokens.holds(token);
  }
}
