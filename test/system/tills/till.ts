/** One till: it redeems, is paid or voids, and asks again what it was not told, as docs/integrate/http.md says that it should. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../chaos/random.ts';

/** Where the tills sell. */
export interface Counter {
  /** Changes when a gateway is replaced. */
  readonly origin: () => string;
  readonly key: string;
  readonly members: readonly Member[];
}

export interface Member {
  readonly program: 'coffee-club' | 'travel-miles';
  readonly memberId: string;
  readonly points: number;
}

export interface Sale {
  readonly program: string;
  readonly redemptionId: string;
  readonly member: string;
  readonly points: number;
}

export interface Wait {
  /** By `performance.now()`. */
  readonly from: number;
  readonly ms: number;
  readonly granted: boolean;
}

export class Tally {
  readonly sales: Sale[] = [];
  /** How often each status was answered, and each way in which there was no answer. */
  readonly answers = new Map<string, number>();
  /** The time until each redemption was finally answered. */
  readonly waits: Wait[] = [];
  /** Sales that were granted no points. */
  readonly notGranted: string[] = [];
  /** What no till should ever see. */
  readonly faults: string[] = [];

  count(what: string): void {
    this.answers.set(what, (this.answers.get(what) ?? 0) + 1);
  }
}

const PAUSE_MS = 200;
const PATIENCE_MS = 30_000;
const ANSWER_LIMIT_MS = 20_000;
/** Longer than a till would wait, so that no sale is refused because this machine is busy with something else. */
const WAIT_S = 15;
const PAID_SHARE = 0.8;

export interface Till {
  readonly number: number;
  readonly counter: Counter;
  readonly tally: Tally;
  readonly random: Random;
  readonly isOver: () => boolean;
}

/** A store under a key holds a share of the gateway's places only, so the tills are of several. */
const STORES = 10;

/** Sells until it is told to stop; the sale that is under way then is brought to its end. */
export async function keepSelling(till: Till): Promise<void> {
  const { number, counter, tally, random, isOver } = till;
  for (let count = 1; !isOver(); count += 1) {
    const { program, memberId: member } = random.pick(counter.members);
    const sale: Sale = { program, redemptionId: idOf(number, count), member, points: 100 };
    tally.sales.push(sale);
    await sell(till, sale, random.chance(PAID_SHARE) ? 'capture' : 'void');
  }
}

export function idOf(till: number, sale: number): string {
  return `till-${till}-${sale}`;
}

async function sell(till: Till, sale: Sale, end: 'capture' | 'void'): Promise<void> {
  const { tally } = till;
  const currency = sale.program === 'coffee-club' ? 'GBP' : 'INR';
  const request = {
    ...sale,
    basket: { amount: '200.00', currency },
    store: `S${1 + (till.number % STORES)}`,
    till: `T${till.number}`,
  };
  const from = performance.now();
  const answer = await askUntilAnswered(till, {
    method: 'POST',
    path: '/v1/redemptions',
    headers: { prefer: `wait=${WAIT_S}` },
    body: request,
  });
  tally.waits.push({
    from,
    ms: performance.now() - from,
    granted: answer?.body['granted'] === true,
  });
  if (answer === undefined) return;
  const { status, body } = answer;
  if (![200, 201, 422].includes(status))
    tally.faults.push(`redeem ${sale.redemptionId}: ${status} ${JSON.stringify(body)}`);
  if (body['granted'] !== true) {
    tally.notGranted.push(`${sale.redemptionId}: ${status} ${String(body['reason'])}`);
    return;
  }
  const reported = await askUntilAnswered(till, {
    method: 'POST',
    path: `/v1/redemptions/${sale.program}/${sale.redemptionId}/${end}`,
    body: { eventId: end },
  });
  if (reported !== undefined && reported.status !== 202)
    tally.faults.push(`${end} ${sale.redemptionId}: ${reported.status}`);
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Until there is an answer that is final. */
export async function askUntilAnswered(
  till: Pick<Till, 'counter' | 'tally'>,
  question: Question,
): Promise<Answer | undefined> {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const answer = await ask(till, question);
    if (answer !== undefined && answer.status < 500 && answer.status !== 429) return answer;
    await delay(PAUSE_MS);
  }
  till.tally.faults.push(`${question.method} ${question.path}: no answer in ${PATIENCE_MS} ms`);
  return undefined;
}

async function ask(
  { counter: { origin, key }, tally }: Pick<Till, 'counter' | 'tally'>,
  { method, path, headers, body }: Question,
): Promise<Answer | undefined> {
  const verb = path.replace(/till-\d+-\d+/, '…').replace(/coffee-club|travel-miles/, '…');
  try {
    const response = await fetch(`${origin()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answer = (await response.json()) as Answer['body'];
    tally.count(`${method} ${verb}: ${response.status}`);
    return { status: response.status, body: answer };
  } catch (error) {
    const { cause, name } = error as { cause?: { code?: string }; name: string };
    tally.count(`${method} ${verb}: ${cause?.code ?? name}`);
    return undefined;
  }
}
