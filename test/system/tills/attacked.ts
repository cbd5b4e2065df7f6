/** The same tills without and with an attacker beside them, in turn, at one gateway; then the ledger is asked. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newKey } from '../../../src/gateway/access-keys.ts';
import { newStandardSecret } from '../../support/gateway/payment-events-senders.ts';
import type { Attack, AttackReport } from './attacker.ts';
import { compare, openShop, sellAtAll, type Shop } from './shop.ts';
import { idOf, Tally, type Counter, type Member, type Wait } from './till.ts';

export interface AttackedOptions {
  readonly tills: number;
  /** Each phase: without, with, without, with. */
  readonly seconds: number;
  readonly waits: number;
  readonly slowBodies: number;
  readonly forgedPerSecond: number;
  readonly squatsPerSecond: number;
}

/** What `npm run tills -- --attacker` sends. */
export const fullAttack = {
  waits: 1_000,
  slowBodies: 100,
  forgedPerSecond: 220,
  squatsPerSecond: 50,
} as const;

export interface AttackedReport {
  readonly tally: Tally;
  /** The honest tills' waits for the answer of a redemption. */
  readonly without: readonly Wait[];
  readonly with: readonly Wait[];
  readonly attacks: readonly AttackReport[];
  readonly wrong: readonly string[];
}

const STORE = 'S99';
const SOURCE = 'psp';
const ROUNDS = 2;
const WARM_UP_MS = 5_000;
/** Of these the attacker's sales are. A key may name each of them 30 times a minute. */
const MEMBERS = 40;

export async function runAttacked(options: AttackedOptions): Promise<AttackedReport> {
  const { secret, hash } = newKey();
  const shop = await openShop([
    { id: 'attacker', scopes: ['quote', 'redeem'], stores: [STORE], hashes: [hash] },
  ]);
  try {
    const sources = join(shop.folder, 'sources.json');
    const source = { id: SOURCE, kind: 'standard-webhooks', programs: ['coffee-club'] };
    writeFileSync(
      sources,
      JSON.stringify({ sources: [{ ...source, secrets: ['env:PSP_SECRET'] }] }),
    );
    const gateway = await shop.startGateway({
      GATEWAY_PAYMENT_SOURCES: sources,
      PSP_SECRET: newStandardSecret(),
    });
    const counter: Counter = { ...shop, origin: () => gateway.origin };
    const members = await addAttackersMembers(shop);
    const tally = new Tally();
    let isOver = false;
    const selling = sellAtAll(options.tills, { counter, tally, isOver: () => isOver });
    const quiet: Span[] = [];
    const attacked: Span[] = [];
    const attacks: AttackReport[] = [];
    await delay(WARM_UP_MS);
    for (let round = 1; round <= ROUNDS; round += 1) {
      quiet.push(await spanOf(() => delay(options.seconds * 1_000)));
      await failFor(shop, members);
      const plan: Attack = {
        ...options,
        origin: gateway.origin,
        key: secret,
        store: STORE,
        members: members.map(({ memberId }) => memberId),
        squatted: nextIds(options),
        source: SOURCE,
        reportFile: join(shop.folder, `attack-${round}.json`),
      };
      const planFile = join(shop.folder, `plan-${round}.json`);
      writeFileSync(planFile, JSON.stringify(plan));
      const attacker = await shop.stack.start({
        name: 'the attacker',
        file: 'test/system/tills/attacker.ts',
        ready: 'under way',
        settings: { ATTACK_PLAN: planFile },
      });
      attacked.push(await spanOf(() => delay(options.seconds * 1_000)));
      // Its sales that wait come to their end.
      await shop.stack.sandbox.clearFaults();
      await attacker.stop();
      attacks.push(JSON.parse(readFileSync(plan.reportFile, 'utf8')) as AttackReport);
    }
    isOver = true;
    await selling;
    const everybody = [...shop.members, ...members];
    const wrong = await compare(shop.stack, { ...counter, members: everybody }, tally);
    await gateway.child.stop();
    const waitsIn = (spans: readonly Span[]) =>
      tally.waits.filter(({ from }) => spans.some((span) => from >= span.from && from < span.to));
    return { tally, without: waitsIn(quiet), with: waitsIn(attacked), attacks, wrong };
  } finally {
    await shop.close();
  }
}

/** By `performance.now()`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

async function spanOf(work: () => Promise<unknown>): Promise<Span> {
  const from = performance.now();
  await work();
  return { from, to: performance.now() };
}

/** They have no points, so that whatever the attacker is granted shows in the ledger. */
async function addAttackersMembers({ stack }: Shop): Promise<Member[]> {
  const members = Array.from({ length: MEMBERS }, (_, index): Member => ({
    program: 'coffee-club',
    memberId: `attackers-${index}`,
    points: 0,
  }));
  await stack.sandbox.seedMembers(members);
  return members;
}

/** Nothing is as slow as a provider that fails, and an attacker may have found members for whom it does. */
async function failFor({ stack }: Shop, members: readonly Member[]): Promise<void> {
  for (const { memberId: member } of members)
    await stack.sandbox.fault({
      service: 'white-label-loyalty',
      call: 'balance',
      fault: 'error-before-commit',
      rate: 1,
      member,
    });
}

/** A till counts its sales, so whoever knows one id knows the next. */
function nextIds({ tills, seconds }: AttackedOptions): string[] {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  return numbers(tills).flatMap((till) =>
    numbers(seconds * ROUNDS * 2).map((sale) => idOf(till, sale)),
  );
}
