/** A look-up in the list of everybody's events, which goes on growing while it is read. */
import fc from 'fast-check';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Deduction } from '../../../../src/domain/orders.ts';
import { createProvider } from '../../../../src/loyalty/index.ts';
import type { ReportedEvent } from '../../../../src/loyalty/white-label-loyalty/client.ts';
import { findEvent } from '../../../../src/loyalty/white-label-loyalty/events.ts';
import type { LookUpMemory } from '../../../../src/loyalty/provider.ts';
import { sandboxPrograms } from '../../../../src/index.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T10:00:00.000Z');

const deduction: Deduction = {
  redemptionId: 'R-1',
  member: 'card-1',
  memberId: 'member-1',
  points: 100,
  discountMinor: 100,
  store: 'S1',
  till: 'T1',
  since: new Date(START).toISOString(),
};

/** The provider's list, newest first. It fails at the pages that a test names. */
class List {
  readonly events: ReportedEvent[] = [];
  pages = 0;
  failsAt: (page: number) => boolean = () => false;
  beforePage: () => void = () => {};
  #ids = 0;

  /** An event of `ageMs` before `now`, where it belongs in the list. */
  add(now: number, payload: Record<string, unknown> = {}, ageMs = 0): string {
    this.#ids += 1;
    const id = String(this.#ids);
    const at = now - ageMs;
    const place = this.events.findIndex(({ createdAt }) => Date.parse(createdAt) <= at);
    this.events.splice(place === -1 ? this.events.length : place, 0, {
      id,
      type: 'REDEEMED_POINTS',
      subject: deduction.memberId,
      payload,
      createdAt: new Date(at).toISOString(),
    });
    return id;
  }

  addEveryMinute(from: number, count: number): number {
    for (let minute = 0; minute < count; minute += 1) this.add(from + minute * MINUTE);
    return from + count * MINUTE;
  }

  readonly client = {
    events: (skip: number, limit: number): Promise<ReportedEvent[]> => {
      this.beforePage();
      this.pages += 1;
      if (this.failsAt(this.pages)) return Promise.reject(new Error('a page fails'));
      return Promise.resolve(this.events.slice(skip, skip + limit));
    },
  };
}

/** What a worker remembers from one attempt to the next: JSON. */
function memoryOf(initial?: unknown): LookUpMemory & { json: string | undefined } {
  return {
    json: initial === undefined ? undefined : JSON.stringify(initial),
    recall() {
      return this.json === undefined ? undefined : (JSON.parse(this.json) as unknown);
    },
    keep(progress) {
      this.json = JSON.stringify(progress);
    },
  };
}

const OURS = { ours: true };
const look = (list: List, memory?: LookUpMemory) =>
  findEvent(list.client, deduction, ({ payload }) => payload['ours'] === true, memory);

describe('a look-up that failed half-way', () => {
  /** Ours is the oldest of 2,000, and the first attempt fails at page 15 of 20. */
  async function halfRead() {
    const list = new List();
    const ours = list.add(START, OURS);
    const now = list.addEveryMinute(START + MINUTE, 1_999);
    const memory = memoryOf();
    list.failsAt = (page) => page === 15;
    await expect(look(list, memory)).rejects.toThrow('a page fails');
    list.pages = 0;
    list.failsAt = () => false;
    return { list, memory, now, ours };
  }

  it('goes on where it was', async () => {
    const { list, memory, ours } = await halfRead();
    expect(await look(list, memory)).toEqual({ kind: 'found', reference: ours });
    expect(list.pages).toBeLessThan(10);
  });

  it('goes on below the events that it has read, after others have arrived', async () => {
    const { list, memory, now, ours } = await halfRead();
    list.addEveryMinute(now, 350);
    expect(await look(list, memory)).toEqual({ kind: 'found', reference: ours });
    expect(list.pages).toBeLessThan(14);
  });

  it('finds what has landed meanwhile, above what it has read', async () => {
    const { list, memory, now, ours } = await halfRead();
    const second = list.add(now, OURS);
    list.addEveryMinute(now + MINUTE, 150);
    expect(await look(list, memory)).toEqual({ kind: 'ambiguous', references: [second, ours] });
  });

  it('finds what shows late, a little below events that it has read', async () => {
    const { list, memory, now, ours } = await halfRead();
    const second = list.add(now, OURS, 4 * MINUTE);
    expect(await look(list, memory)).toEqual({ kind: 'ambiguous', references: [second, ours] });
  });

  it('reads everything again if the list is not what it was', async () => {
    const { list, memory, ours } = await halfRead();
    list.events.splice(200, 250);
    expect(await look(list, memory)).toEqual({ kind: 'found', reference: ours });
  });

  it('misses nothing below a list that has become shorter', async () => {
    const list = new List();
    const between = list.addEveryMinute(START + MINUTE, 500);
    const ours = list.add(between, OURS);
    list.addEveryMinute(between + MINUTE, 1_500);
    const memory = memoryOf();
    list.failsAt = (page) => page === 15;
    await expect(look(list, memory)).rejects.toThrow('a page fails');
    list.failsAt = () => false;
    // What was read has ended at the 1,400th; ours was the 1,501st, and stands above the 1,400th now.
    list.events.splice(200, 250);
    expect(await look(list, memory)).toEqual({ kind: 'found', reference: ours });
  });

  it('remembers a match, and nothing of a member', async () => {
    const list = new List();
    list.addEveryMinute(START, 500);
    const ours = list.add(START + 500 * MINUTE, OURS);
    list.addEveryMinute(START + 501 * MINUTE, 20);
    const memory = memoryOf();
    list.failsAt = (page) => page === 4;
    await expect(look(list, memory)).rejects.toThrow('a page fails');
    expect(memory.json).toContain(`"${ours}"`);
    expect(memory.json).not.toMatch(/member-1|card-1/);
    list.failsAt = () => false;
    expect(await look(list, memory)).toEqual({ kind: 'found', reference: ours });
  });

  it('is not misled by a memory that it cannot read', async () => {
    const { list, ours } = await halfRead();
    expect(await look(list, memoryOf({ top: 7 }))).toEqual({ kind: 'found', reference: ours });
  });
});

it('what it says is true of the moment when its last attempt began, whatever arrives and fails', async () => {
  const step = fc.record({
    arrivals: fc.integer({ min: 0, max: 130 }),
    ageMs: fc.integer({ min: 0, max: 4 * MINUTE }),
    isOurs: fc.boolean(),
    fails: fc.boolean(),
  });
  const scenario = fc.record({
    before: fc.integer({ min: 0, max: 900 }),
    at: fc.option(fc.integer({ min: 0, max: 900 })),
    steps: fc.array(step, { maxLength: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ before, at, steps }) => {
      const list = new List();
      let now = START;
      const ours = new Set<string>();
      for (let count = 0; count < before; count += 1) {
        now += MINUTE;
        const id = list.add(now, at === count ? OURS : {});
        if (at === count) ours.add(id);
      }
      const left = [...steps];
      let isOursThere = ours.size > 0;
      list.beforePage = () => {
        const next = left.shift();
        if (next === undefined) return;
        for (let count = 0; count < next.arrivals; count += 1) {
          now += MINUTE / 4;
          list.add(now, {}, next.ageMs);
        }
        if (next.isOurs && ours.size === 0) ours.add(list.add(now, OURS, next.ageMs));
        list.failsAt = () => next.fails;
      };
      const memory = memoryOf();
      for (;;) {
        isOursThere = ours.size > 0;
        const found = await look(list, memory).catch(() => undefined);
        list.failsAt = () => false;
        if (found === undefined) continue;
        if (isOursThere) expect(found).toEqual({ kind: 'found', reference: [...ours][0] });
        else expect(['found', 'not-found']).toContain(found.kind);
        return;
      }
    }),
    { numRuns: 300 },
  );
});

it('an attempt that lies too far back to be reached is left to a person', async () => {
  const events = Array.from({ length: 100 }, (_, index) => ({
    id: String(index),
    type: 'OTHER',
    subject: 'bob',
    payload: {},
    createdAt: new Date(START).toISOString(),
  }));
  const endless = { events: () => Promise.resolve(events) };
  await expect(findEvent(endless, deduction, () => false)).rejects.toMatchObject({
    kind: 'unknown',
    isLasting: true,
  });
});

it('events of others that look like none of ours do not spoil the list', async () => {
  const createdAt = new Date(START).toISOString();
  const listed = [
    { id: 3, createdAt, type: null, subject: 7, payload: 'text' },
    { id: 2, createdAt, type: 'OTHER', payload: [1] },
    { id: 1, createdAt },
  ];
  let answer: unknown[] = listed;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ data: answer }));
    answer = [];
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const program = sandboxPrograms('http://127.0.0.1:1').get('coffee-club');
  if (program === undefined) throw new Error('no program');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await createProvider({ ...program, baseUrl }).findDeduction(deduction);
  expect(found).toEqual({ kind: 'not-found' });
});
