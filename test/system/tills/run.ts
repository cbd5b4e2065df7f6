/** Many tills at one gateway, which is stopped and replaced in the middle; then the ledger is asked. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeAccessKeys } from '../../../src/gateway/access-key-file.ts';
import { newKey } from '../../../src/gateway/access-keys.ts';
import { startProcesses, type GatewayProcess, type Processes } from '../../support/processes.ts';
import { Random } from '../chaos/random.ts';
import { insist, keepSelling, Tally, type Member, type Shop } from './till.ts';

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
  const processes = await startProcesses();
  const worker = await processes.startWorker();
  try {
    const startGateway = () =>
      processes.startGateway({ GATEWAY_ACCESS_KEYS: keys, REDEMPTION_LOG_LEVEL: 'warn' });
    const first = await startGateway();
    let gateway: GatewayProcess = first;
    const members = await furnish(processes);
    const shop: Shop = { origin: () => gateway.origin, key, members };
    const tally = new Tally();
    let isOver = false;
    const selling = Promise.all(
      Array.from({ length: tills }, (_, index) =>
        keepSelling(index + 1, shop, tally, new Random(index + 1), () => isOver),
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
    const wrong = await compare(processes, shop, tally);
    await gateway.child.stop();
    return { tally, memory: { warm, end }, exitCode: await first.child.exitCode, wrong };
  } finally {
    await worker.stop();
    await processes.stop();
    rmSync(folder, { recursive: true });
  }
}

async function furnish({ sandboxOrigin }: Processes): Promise<Member[]> {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${sandboxOrigin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${path}: ${response.status}`);
  };
  await post('/switches', { rateLimit: false });
  const members = Array.from({ length: MEMBERS }, (_, index): Member => ({
    program: index % 2 === 0 ? 'coffee-club' : 'travel-miles',
    memberId: `customer-${index}`,
    points: POINTS,
  }));
  for (const member of members) await post('/members', member);
  return members;
}

/** The resident memory, by the kernel; the middle of a few looks, for it breathes with the garbage collector. */
async function memoryOf({ child: { pid } }: GatewayProcess): Promise<number> {
  const samples: number[] = [];
  for (let look = 0; look < SAMPLES; look += 1) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    samples.push(1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]));
    await delay(200);
  }
  return samples.toSorted((one, other) => one - other)[Math.floor(SAMPLES / 2)] ?? NaN;
}

const OVER = ['completed', 'declined', 'compensated'];

/** Every sale has ended, and each member has lost what was spent and nothing else. */
async function compare({ ledger }: Processes, shop: Shop, tally: Tally): Promise<string[]> {
  const wrong: string[] = [];
  const spent = new Map<string, number>();
  for (const { program, redemptionId, member, points } of tally.sales) {
    const status = await endOf(shop, `/v1/redemptions/${program}/${redemptionId}`);
    if (!OVER.includes(status)) wrong.push(`${redemptionId} is ${status}`);
    if (status === 'completed') spent.set(member, (spent.get(member) ?? 0) + points);
  }
  const { members } = await ledger();
  for (const { memberId, points } of shop.members) {
    const left = members.find((member) => member.memberId === memberId)?.points;
    const expected = points - (spent.get(memberId) ?? 0);
    if (left !== expected) wrong.push(`${memberId} has ${left} points, not ${expected}`);
  }
  return wrong;
}

async function endOf(shop: Shop, path: string): Promise<string> {
  const looks = new Tally();
  for (let status = ''; ;) {
    const answer = await insist(shop, looks, 'GET', path);
    status = answer === undefined ? 'unknown' : String(answer.body['status']);
    // A payment that nobody reported comes to its end by the payment deadline alone.
    if (answer === undefined || status === 'awaiting-payment' || OVER.includes(status))
      return status;
    await delay(100);
  }
}
