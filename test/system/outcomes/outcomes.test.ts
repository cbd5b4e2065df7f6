/** The table of everything: a changed ending shows in docs/reference/outcomes.md, and so in review. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedemptionError } from '../../../src/index.ts';
import { openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { documentOf } from './document.ts';
import { endingOf, NeverStruck, openLane, programsOf, type Lane } from './lane.ts';
import { cases, isWaiting, type Case } from './table.ts';

const LIMIT_MS = 400_000;
/** So many sales at once that two cores are busy, and those that only wait beside them. */
const BUSY_LANES = 10;
const WAITING_LANES = 40;
const MOST_TRIES = 3;

let lanes: Lane[] = [];
let env: TestEnvironment;

beforeAll(async () => {
  const waiting = cases.filter(({ row }) => isWaiting(row));
  const busy = cases.filter(({ row }) => !isWaiting(row));
  const dealt = [...deal(waiting, WAITING_LANES), ...deal(busy, BUSY_LANES)];
  lanes = await Promise.all(dealt.map(openLane));
  env = await openTestEnvironment({ programs: new Map(lanes.flatMap(programsOf)) });
});

afterAll(async () => {
  await env.close();
  await Promise.all(lanes.map(({ sandbox }) => sandbox.close()));
});

it(
  'every call, fault and order of payment events ends as docs/reference/outcomes.md says',
  async () => {
    const endings = new Map<Case, string>();
    await Promise.all(lanes.map((lane) => drive(lane, endings, false)));
    // By themselves now, and one at a time.
    for (let tries = 2; tries <= MOST_TRIES; tries += 1)
      for (const lane of lanes) await drive(lane, endings, tries === MOST_TRIES);
    const inOrder = [...endings]
      .map(([known, ending]) => ({ known, ending }))
      .toSorted((one, other) => cases.indexOf(one.known) - cases.indexOf(other.known));
    await expect(documentOf(inOrder)).toMatchFileSnapshot('../../../docs/reference/outcomes.md');
  },
  LIMIT_MS,
);

/** Leaves out what was not tried at all, because the machine was too busy; the last time that is an error. */
async function drive(
  { sandbox, cases: own }: Lane,
  endings: Map<Case, string>,
  isLast: boolean,
): Promise<void> {
  for (const known of own.filter((one) => !endings.has(one))) {
    try {
      endings.set(known, await endingOf(env, sandbox, known));
    } catch (error) {
      const isBusy =
        error instanceof NeverStruck ||
        (error instanceof RedemptionError && error.code === 'unavailable');
      if (!isBusy || isLast) throw error;
    }
  }
}

function deal(known: readonly Case[], laneCount: number): Case[][] {
  return Array.from({ length: laneCount }, (_, lane) =>
    known.filter((__, index) => index % laneCount === lane),
  );
}
