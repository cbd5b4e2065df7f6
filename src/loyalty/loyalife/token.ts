/** One token for each program's credentials, renewed before it expires, by one request however many calls wait for it. */

export interface Token {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresOn: number;
}

const RENEWAL_MARGIN_MS = 60_000;

export interface TokenCache {
  /** Rejects as the renewal does; the next call tries again. */
  current(): Promise<string>;
  /** Says that the provider refused this token. */
  discard(token: string): void;
}

export function createTokenCache(renew: () => Promise<Token>): TokenCache {
  let cached: { token: string; renewAt: number } | undefined;
  let renewal: Promise<string> | undefined;

  async function renewed(): Promise<string> {
    const askedAt = Date.now();
    const { token, expiresOn } = await renew();
    const margin = Math.min(RENEWAL_MARGIN_MS, (expiresOn - askedAt) / 2);
    cached = { token, renewAt: expiresOn - margin };
    return token;
  }

  return {
    async current() {
      if (cached !== undefined && Date.now() < cached.renewAt) return cached.token;
      renewal ??= renewed().finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    discard(token) {
      // Another call may have renewed it since.
      if (cached?.token === token) cached = undefined;
    },
  };
}
