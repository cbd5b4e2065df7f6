/**
 * Keeps a stolen key from trying members. Of one member, a key may ask a few times a minute. A key that names many members whom
 * the provider does not know is reported in the log, and from then on waits its turn for every member that it has not used
 * before. Members are kept as keyed hashes, whose key this process makes and forgets.
 */
import type { FastifyBaseLogger } from 'fastify';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { AccessKey } from './access-keys.ts';
import { Problem } from './problems.ts';

export interface MemberLimits {
  /** Quotes and redemptions of one member under one key. A key may have a number of its own. */
  readonly requestsPerMinute: number;
  /** Members whom the provider does not know, under one key, in ten minutes. */
  readonly unknownMembers: number;
  /** The time between two members after that. */
  readonly turnMs: number;
}

export const usualMemberLimits: MemberLimits = {
  requestsPerMinute: 30,
  unknownMembers: 20,
  turnMs: 1_000,
};

const UNKNOWN_WINDOW_S = 600;
const KNOWN_FOR_S = 86_400;
/** A till does not wait longer than this for its turn. */
const MOST_TURNS = 3;

export class MemberGuard {
  readonly #limits: MemberLimits;
  readonly #log: FastifyBaseLogger;
  readonly #hashKey = randomBytes(32);
  readonly #requests: RateLimiterMemory;
  /** Each unknown member of a key once. */
  readonly #tried: RateLimiterMemory;
  readonly #unknown: RateLimiterMemory;
  readonly #known: RateLimiterMemory;
  readonly #nextTurn = new Map<string, number>();

  constructor(limits: MemberLimits, log: FastifyBaseLogger) {
    this.#limits = limits;
    this.#log = log;
    const most = Number.MAX_SAFE_INTEGER;
    this.#requests = new RateLimiterMemory({ points: most, duration: 60 });
    this.#tried = new RateLimiterMemory({ points: most, duration: UNKNOWN_WINDOW_S });
    this.#unknown = new RateLimiterMemory({ points: most, duration: UNKNOWN_WINDOW_S });
    this.#known = new RateLimiterMemory({ points: most, duration: KNOWN_FOR_S });
  }

  /** Waits for the turn of a key that is suspected. @throws Problem `too-many-requests` */
  async admit(key: AccessKey, program: string, member: string): Promise<void> {
    const name = this.#nameOf(key, program, member);
    const most = key.memberRequestsPerMinute ?? this.#limits.requestsPerMinute;
    const { consumedPoints, msBeforeNext } = await this.#requests.penalty(name);
    if (consumedPoints > most) throw tooMany(msBeforeNext);
    const unknown = await this.#unknown.get(key.id);
    if (unknown === null || unknown.consumedPoints < this.#limits.unknownMembers) {
      this.#nextTurn.delete(key.id);
      return;
    }
    if ((await this.#known.get(name)) === null) await this.#waitForTurn(key);
  }

  /** Learns from the provider's answer. */
  async learn(key: AccessKey, program: string, member: string, isUnknown: boolean): Promise<void> {
    const name = this.#nameOf(key, program, member);
    if (!isUnknown) {
      await this.#known.set(name, 1, KNOWN_FOR_S);
      return;
    }
    const { consumedPoints: times } = await this.#tried.penalty(name);
    if (times > 1) return;
    const { consumedPoints: members } = await this.#unknown.penalty(key.id);
    if (members % this.#limits.unknownMembers === 0)
      this.#log.error(
        { key: key.id, unknownMembers: members },
        'this access key named many members whom the provider does not know: check who has it, and revoke it if it was stolen',
      );
  }

  async #waitForTurn(key: AccessKey): Promise<void> {
    const { turnMs } = this.#limits;
    const now = Date.now();
    const turn = Math.max(now, this.#nextTurn.get(key.id) ?? 0) + turnMs;
    if (turn - now > MOST_TURNS * turnMs) throw tooMany(turn - now);
    this.#nextTurn.set(key.id, turn);
    await delay(turn - now);
  }

  #nameOf({ id }: AccessKey, program: string, member: string): string {
    const text = JSON.stringify([id, program, member]);
    return createHmac('sha256', this.#hashKey).update(text).digest('base64');
  }
}

function tooMany(waitMs: number): Problem {
  return new Problem('too-many-requests', { retryAfterS: Math.max(1, Math.ceil(waitMs / 1_000)) });
}
