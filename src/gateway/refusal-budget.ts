/**
 * Limits the deliveries that are refused, for each source and address. Whoever has used it up is turned away before a byte of
 * the body is read, because reading and hashing bodies is what a flood of forged deliveries costs.
 */
import ipaddr from 'ipaddr.js';
import { RateLimiterMemory } from 'rate-limiter-flexible';

const WINDOW_S = 60;

export class RefusalBudget {
  readonly #limiter: RateLimiterMemory;

  constructor(refusalsPerMinute: number) {
    this.#limiter = new RateLimiterMemory({ points: refusalsPerMinute, duration: WINDOW_S });
  }

  /** Returns the seconds to wait, or `undefined` while there is some left. */
  async exhaustedFor(source: string, address: string): Promise<number | undefined> {
    const spent = await this.#limiter.get(keyOf(source, address));
    if (spent === null || spent.remainingPoints > 0) return undefined;
    return Math.max(1, Math.ceil(spent.msBeforeNext / 1_000));
  }

  /** Returns true when this refusal was the last one that it had. */
  async spend(source: string, address: string): Promise<boolean> {
    const spent = await this.#limiter.penalty(keyOf(source, address));
    return spent.consumedPoints === this.#limiter.points;
  }
}

function keyOf(source: string, address: string): string {
  return JSON.stringify([source, networkOf(address)]);
}

/** Takes the addresses of one IPv6 network of 64 bits together, because whoever has one of them has all. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : parsed.toNormalizedString().split(':').slice(0, 4).join(':');
}
