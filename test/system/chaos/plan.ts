/** What a seed decides: who buys what, and what becomes of the payment. Faults and kills come on top. */
import type { PaymentEvent, RedemptionRequest } from '../../../src/index.ts';
import { Random } from './random.ts';
import { drawScenario, type ScenarioName } from './scenarios.ts';

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
  readonly scenario: ScenarioName;
  readonly messages: readonly Message[];
  /** What the payment system says when it is asked; nothing is known there, unless said. */
  readonly paymentStatus?: 'captured' | 'voided';
  /** When another till asks the same again, counted from the first question. */
  readonly repeatsAfterMs: readonly number[];
}

export interface Plan {
  readonly members: readonly MemberPlan[];
  readonly sales: readonly SalePlan[];
  /** The same sales: what comes at once. Most come alone, some as a rush on one member. */
  readonly visits: readonly (readonly SalePlan[])[];
}

const MEMBERS = 8;
const RUSHES = 0.1;
const POINTS = [100, 200, 300] as const;
const baskets = {
  'coffee-club': { amount: '20.00', currency: 'GBP' },
  'travel-miles': { amount: '1000.00', currency: 'INR' },
} as const;

export function makePlan(seed: number, redemptions: number): Plan {
  const random = new Random(seed);
  const regulars = programs.flatMap((program) =>
    Array.from({ length: MEMBERS }, (_, index) => makeRegular(random, program, index, redemptions)),
  );
  const members = [...regulars];
  const visits: SalePlan[][] = [];
  for (let left = redemptions; left > 0;) {
    const tills = random.chance(RUSHES) ? Math.min(left, random.integer(4, 6)) : 1;
    const member = tills > 1 ? makeRushed(random, visits.length, tills) : random.pick(regulars);
    if (tills > 1) members.push(member);
    const first = redemptions - left + 1;
    visits.push(
      Array.from({ length: tills }, (_, index) =>
        makeSale(random, `chaos-${seed}-${first + index}`, member),
      ),
    );
    left -= tills;
  }
  const sales = visits.flat();
  return { members: members.map((member) => withSpellings(member, sales)), sales, visits };
}

/** Some are rich, some run out in the course of the run, and one is poor from the start. */
function makeRegular(
  random: Random,
  program: ProgramId,
  index: number,
  redemptions: number,
): MemberPlan {
  const isRich = index < MEMBERS / 2;
  const isPoor = index === MEMBERS - 1;
  const points = isRich ? 1_000_000 : isPoor ? random.integer(0, 450) : 10 * redemptions + 300;
  return { ...named(program, `${program}-member-${index + 1}`), points, isRich };
}

/** Has points for about half of what the tills ask for at once. */
function makeRushed(random: Random, number: number, tills: number): MemberPlan {
  const program = random.pick(programs);
  const points = 100 * tills + random.integer(0, 99);
  return { ...named(program, `${program}-rushed-${number}`), points, isRich: false };
}

function named(program: ProgramId, memberId: string) {
  const aliases = program === 'coffee-club' ? [`${memberId}@example.com`, `card ${memberId}`] : [];
  return { program, memberId, aliases };
}

/** At Loyalife nothing in the ledger names the redemption, so each of its sales spells the member in its own way. */
function withSpellings(member: MemberPlan, sales: readonly SalePlan[]): MemberPlan {
  const own = sales.filter(({ memberId }) => memberId === member.memberId);
  return member.program === 'travel-miles'
    ? { ...member, aliases: own.map(({ request }) => request.member) }
    : member;
}

function makeSale(
  random: Random,
  redemptionId: string,
  { program, memberId, aliases }: MemberPlan,
): SalePlan {
  // Most are over before a killed worker is missed, and some are not.
  const deductByMs = random.chance(0.1)
    ? random.integer(15_000, 25_000)
    : random.integer(3_000, 9_000);
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
    ...drawScenario(random, deductByMs),
    repeatsAfterMs: random.chance(0.3)
      ? Array.from({ length: random.integer(1, 2) }, () => random.integer(0, 2 * deductByMs))
      : [],
  };
}
