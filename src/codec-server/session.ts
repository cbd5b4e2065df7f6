/** Who may decode: a bearer token, or the cookie that a browser got for it. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const COOKIE = 'codec-session';
const SESSION_MS = 12 * 3_600_000;

/** Two secrets, compared in a time that tells nothing of them. */
export function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

/** The session is its own end, signed by the token: nothing is kept, and another token ends every session. */
export class Sessions {
  readonly #token: string;
  readonly #attributes: string;

  /** `isSecure`: the browser sends the cookie over TLS alone. */
  constructor(token: string, isSecure: boolean) {
    this.#token = token;
    this.#attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  }

  /** A `Set-Cookie` header. */
  begin(): string {
    const until = String(Date.now() + SESSION_MS);
    const maxAge = SESSION_MS / 1_000;
    return `${COOKIE}=${until}.${this.#sign(until)}; Max-Age=${maxAge}; ${this.#attributes}`;
  }

  /** A `Set-Cookie` header. */
  end(): string {
    return `${COOKIE}=; Max-Age=0; ${this.#attributes}`;
  }

  /** Of a `Cookie` header. */
  isOpen(cookies: string | undefined): boolean {
    const value = cookies
      ?.split(/; */)
      .find((cookie) => cookie.startsWith(`${COOKIE}=`))
      ?.slice(COOKIE.length + 1);
    const [, until = '', signature = ''] = /^(\d{13})\.([0-9a-f]{64})$/.exec(value ?? '') ?? [];
    return isSame(signature, this.#sign(until)) && Number(until) > Date.now();
  }

  /** Of an `Authorization` header. */
  isBearer(authorization: string | undefined): boolean {
    const [, token] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
    return token !== undefined && isSame(token, this.#token);
  }

  #sign(until: string): string {
    return createHmac('sha256', this.#token).update(`session ${until}`).digest('hex');
  }
}
