/**
 * The attacker beside the tills, in a process of its own, so that its work does not delay the tills' own clock. Its messages are
 * built once, and its connections are bare sockets, because what it costs is taken from the same processors. ATTACK_PLAN names
 * the file of its {@link Attack}; after SIGTERM it waits for what it has under way, writes its {@link AttackReport}, and ends.
 */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { countingAnswers, requestBytes, Requester } from './attacker-requests.ts';

export interface Attack {
  readonly origin: string;
  /** Of another store, with `quote` and `redeem`. */
  readonly key: string;
  readonly store: string;
  /** Members for whom the provider fails, so that their sales wait. */
  readonly members: readonly string[];
  /** The tills' next ids. */
  readonly squatted: readonly string[];
  readonly source: string;
  readonly waits: number;
  readonly slowBodies: number;
  readonly forgedPerSecond: number;
  readonly squatsPerSecond: number;
  readonly reportFile: string;
}

/** How often each status was answered; 0 is a connection that ended without an answer. */
export type Statuses = Readonly<Record<string, number>>;

export interface AttackReport {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly forged: Statuses;
  readonly waits: Statuses;
  /** The most of them that were under way for five seconds, at once. */
  readonly mostHeld: number;
  readonly slowBodies: Statuses;
  readonly squats: Statuses;
}

const FORGED_BYTES = 262_144;
const FORGED_CONNECTIONS = 24;
const SQUAT_CONNECTIONS = 4;
/** A wait that was refused is asked for again, whatever Retry-After says. */
const AGAIN_MS = 5_000;
const SLOW_LIMIT_MS = 30_000;
const DRIP_MS = 1_000;
/** The addresses of loopback that forged deliveries and slow ones come from: the gateway counts by address. */
const FORGER = '127.0.0.2';
const SLOW = '127.0.0.3';

async function attack(plan: Attack): Promise<AttackReport> {
  const began = performance.now();
  const over = new AbortController();
  const isOver = () => over.signal.aborted;
  const bearer = { authorization: `Bearer ${plan.key}` };
  const forged = countingAnswers();
  const squats = countingAnswers();
  const slow = countingAnswers();
  const waits = countingAnswers();
  let held = 0;
  let mostHeld = 0;

  const forgeries = requestBytes('POST', `/v1/payment-events/${plan.source}`, {
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': `v1,${'A'.repeat(43)}=`,
    },
    body: 'x'.repeat(FORGED_BYTES),
  });
  async function forge(): Promise<void> {
    const requester = new Requester(plan.origin, FORGER);
    await paced(FORGED_CONNECTIONS, plan.forgedPerSecond, async () =>
      forged.count(await requester.ask(forgeries)),
    );
    requester.close();
  }
  async function squat(): Promise<void> {
    const requester = new Requester(plan.origin);
    await paced(SQUAT_CONNECTIONS, plan.squatsPerSecond, async () => {
      const id = plan.squatted[Math.floor(Math.random() * plan.squatted.length)] ?? '';
      squats.count(await requester.ask(saleOf(id, 'nobody', {})));
    });
    requester.close();
  }
  async function wait(number: number): Promise<void> {
    const requester = new Requester(plan.origin);
    const member = plan.members[number % plan.members.length] ?? '';
    for (let count = 1; !isOver(); count += 1) {
      const id = `${plan.store}-${process.pid}-${number}-${count}`;
      let isHeld = false;
      // What is refused is refused before that.
      const timer = setTimeout(() => {
        isHeld = true;
        held += 1;
        mostHeld = Math.max(mostHeld, held);
      }, AGAIN_MS);
      waits.count(await requester.ask(saleOf(id, member, { prefer: 'wait=600' })));
      clearTimeout(timer);
      if (isHeld) held -= 1;
      await pause(AGAIN_MS);
    }
    requester.close();
  }
  /** Half of them have a key, and the others pretend to be the payment system. */
  async function dawdle(number: number): Promise<void> {
    const [path, address, headers] =
      number % 2 === 0
        ? ['/v1/redemptions', undefined, bearer]
        : [`/v1/payment-events/${plan.source}`, SLOW, {}];
    const start = requestBytes('POST', path, { headers, body: '{', contentLength: 10_000 });
    while (!isOver()) {
      const requester = new Requester(plan.origin, address, SLOW_LIMIT_MS);
      const drip = setInterval(() => requester.write(' '), DRIP_MS);
      const status = await requester.ask(start, over.signal);
      if (!isOver()) slow.count(status);
      clearInterval(drip);
      requester.close();
      // Whoever is refused at once does not ask in a circle.
      await pause(DRIP_MS);
    }
  }
  function saleOf(redemptionId: string, member: string, headers: Record<string, string>): Buffer {
    const sale = { program: 'coffee-club', redemptionId, member, points: 1 };
    const rest = { basket: { amount: '20.00', currency: 'GBP' }, store: plan.store, till: 'T1' };
    return requestBytes('POST', '/v1/redemptions', {
      headers: { ...bearer, ...headers },
      body: JSON.stringify({ ...sale, ...rest }),
    });
  }
  /** Does it so often a second, by so many at once. */
  async function paced(workers: number, perSecond: number, act: () => Promise<void>) {
    let next = performance.now();
    const work = async () => {
      while (!isOver()) {
        const turn = Math.max(next, performance.now() - 1_000);
        next = turn + 1_000 / perSecond;
        await pause(turn - performance.now());
        if (!isOver()) await act();
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  }
  /** Ends early when all is over. */
  async function pause(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: over.signal }).catch(() => undefined);
  }
  const times = (count: number, act: (number: number) => Promise<void>) =>
    Array.from({ length: count }, (_, number) => act(number));

  const all = Promise.all([
    forge(),
    squat(),
    ...times(plan.waits, wait),
    ...times(plan.slowBodies, dawdle),
  ]);
  process.stdout.write('The attack is under way\n');
  await once(process, 'SIGTERM');
  const seconds = (performance.now() - began) / 1_000;
  over.abort();
  await all;
  const { user, system } = process.cpuUsage();
  return {
    seconds,
    cpuSeconds: (user + system) / 1_000_000,
    forged: forged.statuses,
    waits: waits.statuses,
    mostHeld,
    slowBodies: slow.statuses,
    squats: squats.statuses,
  };
}

const plan = JSON.parse(readFileSync(process.env['ATTACK_PLAN'] ?? '', 'utf8')) as Attack;
writeFileSync(plan.reportFile, JSON.stringify(await attack(plan)));
