/** What both kinds of run have: a stack, members with points, a key for the tills; and the ledger's word at the end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { newKey, type Scope } from '../../../src/gateway/access-keys.ts';
import { startStack, type GatewayProcess, type Stack } from '../../support/stack.ts';
import { Random } from '../chaos/random.ts';
import { askUntilAnswered, keepSelling, Tally, type Counter, type Member } from './till.ts';

export interface Shop {
  readonly stack: Stack;
  /** For files of the run. */
  readonly folder: string;
  /** Of the tills. */
  readonly key: string;
  readonly members: readonly Member[];
  startGateway(settings?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  close(): Promise<void>;
}

export interface OtherKey {
  readonly id: string;
  readonly scopes: Scope[];
  readonly stores: string[];
  readonly hashes: string[];
}

/** So many that no member is named more often in a minute than one key may. */
const MEMBERS = 400;
const POINTS = 1_000_000;

export async function openShop(others: readonly OtherKey[] = []): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-tills-'));
  const keys = join(folder, 'keys.json');
  const { secret: key, hash } = newKey();
  const ofTills = { id: 'tills', scopes: ['redeem', 'read', 'payments'] as Scope[] };
  writeAccessKeys(keys, [{ ...ofTills, hashes: [hash], requestsPerMinute: 1_000_000 }, ...others]);
  const stack = await startStack();
  const worker = await stack.startWorker();
  return {
    stack,
    folder,
    key,
    members: await seedMembers(stack),
    startGateway: (settings) =>
      stack.startGateway({
        GATEWAY_ACCESS_KEYS: keys,
        REDEMPTION_LOG_LEVEL: 'warn',
        ...settings,
      }),
    async close() {
      await worker.stop();
      await stack.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export function sellAtAll(
  tills: number,
  at: { readonly counter: Counter; readonly tally: Tally; readonly isOver: () => boolean },
): Promise<unknown> {
  return Promise.all(
    Array.from({ length: tills }, (_, index) =>
      keepSelling({ ...at, number: index + 1, random: new Random(index + 1) }),
    ),
  );
}

async function seedMembers({ sandbox }: Stack): Promise<Member[]> {
  const members = Array.from({ length: MEMBERS }, (_, index): Member => ({
    program: index % 2 === 0 ? 'coffee-club' : 'travel-miles',
    memberId: `customer-${index}`,
    points: POINTS,
  }));
  await sandbox.seedMembers(members);
  return members;
}

const OVER = ['completed', 'declined', 'compensated'];

/** Every sale has ended, and each member has lost what was spent and nothing else. */
export async function compare(
  { sandbox }: Stack,
  counter: Counter,
  tally: Tally,
): Promise<string[]> {
  const wrong: string[] = [];
  const spent = new Map<string, number>();
  for (const { program, redemptionId, member, points } of tally.sales) {
    const status = await endOf(counter, `/v1/redemptions/${program}/${redemptionId}`);
    if (!OVER.includes(status)) wrong.push(`${redemptionId} is ${status}`);
    if (status === 'completed') spent.set(member, (spent.get(member) ?? 0) + points);
  }
  const { members } = await sandbox.ledger();
  for (const { memberId, points } of counter.members) {
    const left = members.find((member) => member.memberId === memberId)?.points;
    const expected = points - (spent.get(memberId) ?? 0);
    if (left !== expected) wrong.push(`${memberId} has ${left} points, not ${expected}`);
  }
  return wrong;
}

async function endOf(counter: Counter, path: string): Promise<string> {
  const tally = new Tally();
  for (let status = ''; ;) {
    const answer = await askUntilAnswered({ counter, tally }, { method: 'GET', path });
    status = answer === undefined ? 'unknown' : String(answer.body['status']);
    // A payment that nobody reported comes to its end by the payment deadline alone.
    if (answer === undefined || status === 'awaiting-payment' || OVER.includes(status))
      return status;
    await delay(100);
  }
}
