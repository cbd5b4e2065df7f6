/** Many tills at one gateway, which is stopped and replaced in the middle; then the ledger is asked. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { newKey } from '../../../src/gateway/access-keys.ts';
import { startStack, type GatewayProcess, type Stack } from '../../support/stack.ts';
import { Random } from '../chaos/random.ts';
import { askUntilAnswered, keepSelling, Tally, type Member, type Counter } from './till.ts';

export interface TillsOptions {
  readonly tills: number;
  /** With the first gateway; it is replaced after that, and they go on for a fifth of the time. */
  readonly seconds: number;
}

export interface TillsReport {
  readonly tally: Tally;
  /** The gateway's, in bytes: after a third of the time, and at its end. */
  readonly memory: { readonly warm: number; readonly end: number };
  /** The first gateway's, after SIGTERM. */
  readonly exitCode: number | null;
  /** Ledgers that do not agree with their sales. */
  readonly wrong: readonly string[];
}

const MEMBERS = 40;
const POINTS = 1_000_000;
const SAMPLES = 5;

export async function runTills({ tills, seconds }: TillsOptions): Promise<TillsReport> {
  const folder = mkdtempSync(join(tmpdir(), 'points-redemption-tills-'));
  const keys = join(folder, 'keys.json');
  const { secret: key, hash } = newKey();
  writeAccessKeys(keys, [
    {
      id: 'tills',
      scopes: ['redeem', 'read', 'payments'],
      hashes: [hash],
      requestsPerMinute: 1_000_000,
    },
  ]);
  const stack = await startStack();
  const worker = await stack.startWorker();
  try {
    const startGateway = () =>
      stack.startGateway({ GATEWAY_ACCESS_KEYS: keys, REDEMPTION_LOG_LEVEL: 'warn' });
    const first = await startGateway();
    let gateway: GatewayProcess = first;
    const members = await seedMembers(stack);
    const counter: Counter = { origin: () => gateway.origin, key, members };
    const tally = new Tally();
    let isOver = false;
    const selling = Promise.all(
      Array.from({ length: tills }, (_, index) =>
        keepSelling({
          number: index + 1,
          counter,
          tally,
          random: new Random(index + 1),
          isOver: () => isOver,
        }),
      ),
    );
    await delay((seconds * 1_000) / 3);
    const warm = await memoryOf(first);
    await delay((seconds * 2_000) / 3);
    const end = await memoryOf(first);
    await first.child.stop();
    gateway = await startGateway();
    await delay((seconds * 1_000) / 5);
    isOver = true;
    await selling;
    const wrong = await compare(stack, counter, tally);
    await gateway.child.stop();
    return { tally, memory: { warm, end }, exitCode: await first.child.exitCode, wrong };
  } finally {
    await worker.stop();
    await stack.stop();
    rmSync(folder, { recursive: true });
  }
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

/** The resident memory, by the kernel; the middle of a few samples, for it breathes with the garbage collector. */
async function memoryOf({ child: { pid } }: GatewayProcess): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    samples.push(1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]));
    await delay(200);
  }
  return samples.toSorted((one, other) => one - other)[Math.floor(SAMPLES / 2)] ?? NaN;
}

const OVER = ['completed', 'declined', 'compensated'];

/** Every sale has ended, and each member has lost what was spent and nothing else. */
async function compare({ sandbox }: Stack, counter: Counter, tally: Tally): Promise<string[]> {
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
