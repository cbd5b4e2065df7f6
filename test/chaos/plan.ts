/** What a seed decides: who buys what, and what becomes of the payment. Faults and kills come on top. */
import type { PaymentEvent, RedemptionRequest } from '../../src/client.ts';
import { Random } from './random.ts';
import { tellStory, type StoryName } from './stories.ts';

export const programs = ['coffee-club', 'travel-miles'] as const;
export type ProgramId = (typeof programs)[number];

export interface MemberPlan {
  readonly program: ProgramId;
  readonly memberId: string;
  readonly aliases: readonly string[];
  readonly points: number;
  /** No spend of the whole run can exhaust the points. */
  readonly isRich: boolean;
}

/** One report of the payment system, or a void of the POS. */
export interface Message {
  readonly kind: 'captured' | 'voided';
  /** What it waits for, before its pause: the till's question, its answer, or the end of the sale. */
  readonly after: 'asked' | 'answered' | 'ended';
  readonly pauseMs: number;
  readonly event: PaymentEvent;
}

export interface SalePlan {
  readonly request: RedemptionRequest & { readonly program: ProgramId; readonly points: number };
  readonly memberId: string;
  readonly story: StoryName;
  readonly messages: readonly Message[];
  /** What the payment system says when it is asked; nothing is known there, unless said. */
  readonly paymentStatus?: 'captured' | 'voided';
  /** When another till asks the same again, counted from the first question. */
  readonly repeatsAfterMs: readonly number[];
}

export interface Plan {
  readonly members: readonly MemberPlan[];
  readonly sales: readonly SalePlan[];
}

const MEMBERS = 8;
const POINTS = [100, 200, 300] as const;
const baskets = {
  'coffee-club': { amount: '20.00', currency: 'GBP' },
  'travel-miles': { amount: '1000.00', currency: 'INR' },
} as const;

export function makePlan(seed: number, redemptions: number): Plan {
  const random = new Random(seed);
  const purses = programs.flatMap((program) =>
    Array.from({ length: MEMBERS }, (_, index) => makePurse(random, program, index, redemptions)),
  );
  const sales = Array.from({ length: redemptions }, (_, index) =>
    makeSale(random, `chaos-${seed}-${index + 1}`, random.pick(purses)),
  );
  // At Loyalife nothing in the ledger names the redemption, so each of its sales spells the member in its own way.
  const members = purses.map(({ aliases, ...member }) => ({
    ...member,
    aliases: [
      ...aliases,
      ...sales
        .filter(({ memberId, request }) => memberId === member.memberId && isSpelledAlone(request))
        .map(({ request }) => request.member),
    ],
  }));
  return { members, sales };
}

/** Some are rich, some run out in the course of the run, and some are poor from the start. */
function makePurse(
  random: Random,
  program: ProgramId,
  index: number,
  redemptions: number,
): MemberPlan {
  const memberId = `${program}-member-${index + 1}`;
  const isRich = index < MEMBERS / 2;
  const isPoor = index === MEMBERS - 1;
  const points = isRich ? 1_000_000 : isPoor ? random.integer(0, 450) : 10 * redemptions + 300;
  const aliases = program === 'coffee-club' ? [`${memberId}@example.com`, `card ${memberId}`] : [];
  return { program, memberId, aliases, points, isRich };
}

function isSpelledAlone({ program }: SalePlan['request']): boolean {
  return program === 'travel-miles';
}

function makeSale(
  random: Random,
  redemptionId: string,
  { program, memberId, aliases }: MemberPlan,
): SalePlan {
  const deductByMs = random.integer(2_000, 6_000);
  const spelling = random.pick([memberId, ...aliases]);
  return {
    memberId,
    request: {
      program,
      redemptionId,
      member: program === 'travel-miles' ? `${memberId}+${redemptionId}@example.com` : spelling,
      points: random.pick(POINTS),
      basket: baskets[program],
      store: 'S1',
      till: `T${random.integer(1, 4)}`,
      deductByMs,
    },
    ...tellStory(random, deductByMs),
    repeatsAfterMs: random.chance(0.3)
      ? Array.from({ length: random.integer(1, 2) }, () => random.integer(0, 2 * deductByMs))
      : [],
  };
}
