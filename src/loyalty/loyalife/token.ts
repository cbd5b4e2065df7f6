/** Caches a program's token and renews it before it expires. All calls that wait for a token share one request. */

export interface Token {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresOn: number;
}

const RENEWAL_MARGIN_MS = 60_000;

export interface TokenCache {
  /** Rejects as the renewal does; the next call tries again. */
  current(): Promise<string>;
  /** Drops a token that the provider refused. */
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
      // Another call may have renewed the token since.
      if (cached?.token === token) cached = undefined;
    },
  };
}
