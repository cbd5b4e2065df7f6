import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTokenCache } from '../../../../src/loyalty/loyalife/token.ts';

describe('the token cache', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const cacheOf = (lifetimeMs: number) => {
    let issued = 0;
    const renew = vi.fn(() => {
      issued += 1;
      return Promise.resolve({ token: `token-${issued}`, expiresOn: Date.now() + lifetimeMs });
    });
    return { cache: createTokenCache(renew), renew };
  };

  it('asks once, however many calls wait', async () => {
    const { cache, renew } = cacheOf(1_800_000);
    const tokens = await Promise.all([cache.current(), cache.current(), cache.current()]);
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a minute before the end', 1_800_000, 1_739_999],
    ['at half of a short life', 60_000, 29_999],
  ])('renews %s', async (_when, lifetimeMs, lastMs) => {
    const { cache } = cacheOf(lifetimeMs);
    await cache.current();
    vi.setSystemTime(Date.now() + lastMs);
    expect(await cache.current()).toBe('token-1');
    vi.setSystemTime(Date.now() + 1);
    expect(await cache.current()).toBe('token-2');
  });

  it('forgets a token that was refused, but not the one that replaced it', async () => {
    const { cache } = cacheOf(1_800_000);
    cache.discard('token-0');
    cache.discard(await cache.current());
    expect(await cache.current()).toBe('token-2');
    cache.discard('token-1');
    expect(await cache.current()).toBe('token-2');
  });

  it('tries again after a renewal that failed', async () => {
    const { cache, renew } = cacheOf(1_800_000);
    renew.mockRejectedValueOnce(new Error('no token'));
    await expect(cache.current()).rejects.toThrow('no token');
    expect(await cache.current()).toBe('token-1');
  });
});
