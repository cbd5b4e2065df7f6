/**
 * White Label Loyalty in our words. docs/providers/white-label-loyalty.md says what its API does, and explains the marks [D]
 * and [?].
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Deduction, Finding } from '../../domain/orders.ts';
import { quoteAt } from '../../money/conversion.ts';
import { countdown, readAs } from '../calls.ts';
import { ProviderError, type LookUpMemory, type LoyaltyProvider } from '../provider.ts';
import { createClient, type Client, type ReportedEvent } from './client.ts';
import { findEvent } from './events.ts';
import type { WhiteLabelLoyaltySettings } from './settings.ts';

const RATE_CACHE_MS = 5 * 60_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

const rateSchema = z.string().regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,12})?$/);

type Move = 'deduct' | 'restore';

/** Returns what a move adds to the balance. */
function changeOf(name: Move, { points }: Deduction): number {
  return name === 'deduct' ? -points : points;
}

/**
 * Points move when a *reactor* answers an accepted event [D], so each movement is an event and then its reaction. The engine
 * allows negative balances [D], so it refuses no overspend.
 */
export function createWhiteLabelLoyalty(program: WhiteLabelLoyaltySettings): LoyaltyProvider {
  const client = createClient(program);
  const currentRate = createRate(program, client);

  const moves = { deduct: program.deduction, restore: program.restoration } as const;

  /**
   * Recognises an event by our own ids in its payload. It names its move, so that the event types may be renamed. In one from
   * before it did, the type tells.
   */
  function isOf(
    { type, payload }: ReportedEvent,
    name: Move,
    { redemptionId }: Deduction,
  ): boolean {
    const { move: named, ...ids } = payload;
    return (
      ids['redemptionId'] === redemptionId &&
      ids['program'] === program.id &&
      (named === undefined ? type === moves[name].eventType : named === name)
    );
  }

  /** Reports the event once, and waits until its points have moved. */
  async function move(name: Move, deduction: Deduction, leftMs: () => number): Promise<string> {
    const { eventType, secret } = moves[name];
    const { memberId, redemptionId, store, till, cashier } = deduction;
    const reference = await client.reportEvent(
      {
        type: eventType,
        // The till's spelling may be somebody else's by now, because cards are passed on.
        subject: memberId,
        // The payload holds no personal data, because events outlive the member's deletion [D].
        payload: {
          points: deduction.points,
          program: program.id,
          redemptionId,
          move: name,
          store,
          till,
          ...(cashier !== undefined && { cashier }),
        },
        occurredAt: new Date().toISOString(),
      },
      secret,
      leftMs(),
    );
    let detail = 'the event was accepted, and no reaction moved its points';
    const applied = await repeatWithin(leftMs, async () => {
      const effect = await effectOf(reference, changeOf(name, deduction), leftMs());
      detail = effect.detail ?? detail;
      return effect.applied || undefined;
    });
    if (applied === undefined) throw new ProviderError('not-applied', detail, { reference });
    return reference;
  }

  /** Adds up what the reactions have moved. Any sum but the expected one is not applied, and one above or below zero is named. */
  async function effectOf(
    eventId: string,
    points: number,
    timeoutMs?: number,
  ): Promise<{ applied: boolean; detail?: string }> {
    const reactions = await client.reactions(eventId, timeoutMs);
    const sum = reactions
      .filter(({ type }) => type === 'POINTS')
      .reduce((total, reaction) => total + (reaction.points ?? 0), 0);
    if (sum === points) return { applied: true };
    if (sum === 0) return { applied: false };
    return {
      applied: false,
      detail: `the event was accepted, and its reactions add up to ${sum} points, not ${points}`,
    };
  }

  async function find(
    name: Move,
    deduction: Deduction,
    memory: LookUpMemory | undefined,
  ): Promise<Finding> {
    const isOurs = (candidate: ReportedEvent) => isOf(candidate, name, deduction);
    const event = await findEvent(client, deduction, isOurs, memory);
    if (event.kind !== 'found') return event;
    return { ...event, ...(await effectOf(event.reference, changeOf(name, deduction))) };
  }

  return {
    capabilities: { refusesOverspending: false, findsByReference: true, partialRestore: true },

    async checkBalance(member) {
      const { userId, points } = await client.wallet(member);
      return { memberId: userId, points };
    },

    async quote(ask) {
      return quoteAt(await currentRate(), program.currency, ask);
    },

    async deductPoints(deduction, waitMs) {
      const leftMs = countdown(waitMs);
      const reference = await move('deduct', deduction, leftMs);
      // A balance below zero means that somebody else spent the points in between.
      const wallet = await repeatWithin(leftMs, () => client.wallet(deduction.memberId, leftMs()));
      if (wallet === undefined)
        throw new ProviderError('unknown', 'the wallet could not be read after the deduction', {
          reference,
        });
      return { reference, balance: wallet.points };
    },

    async restorePoints(deduction, _reference, waitMs) {
      return { reference: await move('restore', deduction, countdown(waitMs)) };
    },

    async ownerOf(deduction, reference) {
      const event = await client.event(reference);
      if (event === undefined) return 'unknown';
      const isOurs =
        isOf(event, 'deduct', deduction) && event.payload['points'] === deduction.points;
      if (!isOurs) return 'other';
      const { applied } = await effectOf(reference, changeOf('deduct', deduction));
      return applied ? 'ours' : 'not-applied';
    },

    findDeduction: (deduction, memory) => find('deduct', deduction, memory),
    findRestoration: (deduction, _reference, memory) => find('restore', deduction, memory),
  };
}

/** Reads with growing pauses until it finds something. A failed read counts as one that found nothing. */
async function repeatWithin<T>(
  leftMs: () => number,
  read: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (
    let pauseMs = FIRST_PAUSE_MS;
    leftMs() > 0;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    try {
      const found = await read();
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
    }
    await sleep(Math.max(0, Math.min(pauseMs, leftMs())));
  }
  return undefined;
}

/** Returns the worth of one point: the program's own value, or WLL's setting, which is a string and not a number [D]. */
function createRate({ rate }: WhiteLabelLoyaltySettings, client: Client): () => Promise<string> {
  if ('value' in rate) return () => Promise.resolve(rate.value);
  let cached = { value: '', until: 0 };
  return async () => {
    if (Date.now() >= cached.until) {
      const value = readAs('setting', rateSchema, await client.setting(rate.setting));
      cached = { value, until: Date.now() + RATE_CACHE_MS };
    }
    return cached.value;
  };
}
