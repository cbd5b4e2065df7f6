/** Loyalife's tokens. They are opaque to the caller, expire, and are lost when the sandbox restarts. */
import { randomBytes, randomUUID } from 'node:crypto';

export class Tokens {
  readonly #expiresAt = new Map<string, number>();

  issue(lifetimeSeconds: number): { token: string; expiresAt: Date } {
    const expiresAt = Date.now() + lifetimeSeconds * 1_000;
    const header = encode({ alg: 'HS256', typ: 'JWT' });
    const claims = encode({ jti: randomUUID(), exp: Math.floor(expiresAt / 1_000) });
    const token = `${header}.${claims}.${randomBytes(32).toString('base64url')}`;
    this.#expiresAt.set(token, expiresAt);
    return { token, expiresAt: new Date(expiresAt) };
  }

  isAlive(token: string): boolean {
    return (this.#expiresAt.get(token) ?? 0) > Date.now();
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
