/** Answers a sale that waits for an operator, and compares what follows with the oracle. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { actKinds, type ActKind } from '../../../../src/domain/acts.ts';
import type { Program, RedemptionView } from '../../../../src/index.ts';
import { coffeeClub, sandboxPaths } from '../../../../src/programs/sandbox.ts';
import type { TestEnvironment } from '../../../support/environment.ts';
import type { ProgramId } from '../../../support/sandbox-client.ts';
import { openSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { ACT } from '../../../support/words.ts';
import { oracle, POINTS, reasonOf, type Answer, type Next, type Standing } from './oracle.ts';
import { BALANCE, type Scene, type Setting } from './worlds.ts';

/** A deduction or a restoration that never shows is waited for 30 s, a few times. */
const LIMIT_MS = 150_000;
const PAUSE_MS = 250;

/** A sandbox of its own, because some faults strike every sale of it. */
export interface Lane {
  readonly standing: Standing;
  readonly setting: Setting;
  readonly program: ProgramId;
  readonly programId: string;
  readonly sandbox: Sandbox;
}

export async function openLanes(
  scenes: Readonly<Partial<Record<Standing, Setting>>>,
): Promise<Lane[]> {
  const lanes: Lane[] = [];
  for (const [standing, setting] of Object.entries(scenes) as [Standing, Setting][])
    for (const program of setting.programs) {
      const sandbox = await openSandbox();
      await sandbox.switch({ rateLimit: false });
      await setting.world?.(sandbox, program);
      const programId = `${program}-${standing.replaceAll(/[^a-z]+/g, '-')}`;
      lanes.push({ standing, setting, program, programId, sandbox });
    }
  return lanes;
}

export function programOf({
  sandbox,
  program,
  programId,
  setting,
}: Lane): readonly [string, Program] {
  const settings = sandbox.programs.get(program);
  if (settings === undefined) throw new Error(`no program ${program}`);
  const quick = { settlingTime: 500, lateWatch: [3_600_000] };
  return [programId, { ...settings, ...quick, ...setting.settings, id: programId }];
}

/** An act that moves the sale on, and where to. */
type Move = readonly [Answer, Exclude<Next, { refused: true } | { untold: true }>];

const answers: readonly Answer[] = [...actKinds, 'capture', 'captureInFull', 'void'];

function nextOf(standing: Standing, answer: Answer): Next {
  const next = oracle[standing][answer];
  if (next !== undefined) return next;
  return isAct(answer) ? { refused: true } : { recorded: 'same' };
}

const isAct = (answer: Answer): answer is ActKind =>
  (actKinds as readonly Answer[]).includes(answer);

/** What changes nothing can be tried on any sale that stands there. */
function changesNothing(next: Next): boolean {
  return 'refused' in next || ('recorded' in next && next.recorded === 'same');
}

function movesFrom(standing: Standing): Move[] {
  return answers.flatMap((answer) => {
    const next = nextOf(standing, answer);
    return changesNothing(next) || 'refused' in next || 'untold' in next
      ? []
      : [[answer, next] as const];
  });
}

const targetOf = (from: Standing, next: Next): Standing | undefined => {
  const to = 'asks' in next ? next.asks : 'recorded' in next ? next.recorded : undefined;
  return to === 'same' ? from : to;
};

/** Every way to answer twice. After an ending there is no second answer that counts. */
export function pathsFrom(standing: Standing): (readonly Move[])[] {
  return movesFrom(standing).flatMap((first): (readonly Move[])[] => {
    const then = targetOf(standing, first[1]);
    return then === undefined ? [[first]] : movesFrom(then).map((second) => [first, second]);
  });
}

/** The first sale on each way also meets every answer that changes nothing. */
export async function walk(
  lane: Lane,
  env: TestEnvironment,
  path: readonly Move[],
  told: Set<string>,
): Promise<void> {
  const scene = await enter(lane, env);
  const pass = async () => {
    await lane.setting.hurry?.(scene);
    await delay(PAUSE_MS);
  };
  await lane.setting.lead(scene);
  let standing = lane.standing;
  let view = await waiting(scene, standing, 0, pass);
  let name = standing as string;
  for (const [answer, next] of path) {
    if (!told.has(name)) {
      told.add(name);
      view = await tryInVain(scene, standing, view);
    }
    name = `${name} → ${answer}`;
    const asked = timesAsked(view);
    await give(scene, answer);
    if ('ends' in next) return ended(scene, next, name, pass);
    const to = targetOf(standing, next) ?? standing;
    view = await waiting(scene, to, asked + ('asks' in next ? 1 : 0), pass, name);
    standing = to;
  }
  await abandon(scene);
}

async function enter({ program, programId, setting, sandbox }: Lane, env: TestEnvironment) {
  const alice = await sandbox.member(program, BALANCE);
  const request = env.request(alice, {
    program: programId,
    points: POINTS,
    basket: { amount: '200.00', currency: program === 'coffee-club' ? 'GBP' : 'INR' },
    ...setting.overrides,
  });
  return { env, sandbox, program, alice, request } satisfies Scene;
}

/** Everything that is refused, or recorded and nothing else. */
async function tryInVain(
  scene: Scene,
  standing: Standing,
  before: RedemptionView,
): Promise<RedemptionView> {
  const possible = actKinds.filter((act) => oracle[standing][act] !== undefined);
  expect(before.acts?.toSorted(), standing).toEqual(possible.toSorted());
  for (const answer of answers) {
    const next = nextOf(standing, answer);
    if (!changesNothing(next)) continue;
    const what = `${standing} → ${answer}`;
    if ('refused' in next)
      await expect(give(scene, answer), what).rejects.toMatchObject({ code: 'refused' });
    else await give(scene, answer);
    const { timeline, ...after } = await scene.env.status(scene.request);
    const { timeline: timelineBefore, ...unchanged } = before;
    expect(after, what).toEqual(unchanged);
    expect(timesAsked({ timeline }), what).toBe(timesAsked({ timeline: timelineBefore }));
  }
  return scene.env.status(scene.request);
}

async function give(scene: Scene, answer: Answer): Promise<void> {
  const { env, request } = scene;
  const { program, redemptionId } = request;
  const sale = { program, redemptionId };
  const eventId = randomUUID();
  if (answer === 'capture') return env.capture(request, { eventId });
  if (answer === 'captureInFull') return env.capture(request, { eventId, amount: request.basket });
  if (answer === 'void') return env.voidSale(request, { eventId });
  if (answer === 'retry') return env.client.retry(sale, ACT);
  const reference = answer === 'adopt' ? { reference: await latestDeduction(scene) } : {};
  return env.client.resolve(sale, { ...ACT, resolution: answer, ...reference });
}

/** The provider's own reference, also of one that has moved no points. */
async function latestDeduction({ sandbox, alice, program }: Scene): Promise<string> {
  const { movements } = await sandbox.ledger(alice);
  const moved = movements.findLast(({ kind }) => kind === 'deduct');
  const lastBack = movements.at(-1)?.kind === 'restore';
  if (moved !== undefined && !lastBack) return moved.reference;
  if (program !== 'coffee-club') return 'none';
  const path = `${sandbox.origin}${sandboxPaths.whiteLabelLoyalty}/events/?order=DESC&limit=100&skip=0`;
  const response = await fetch(path, {
    headers: { 'x-api-key': coffeeClub.apiKey },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) return moved?.reference ?? 'none';
  const { data } = (await response.json()) as {
    data: { id: number; type: string; subject: string }[];
  };
  const own = data.find(
    ({ type, subject }) =>
      type === coffeeClub.deduction.eventType && [alice.memberId, alice.alias].includes(subject),
  );
  return String(own?.id ?? 'none');
}

/** How often an operator was asked so far. */
function timesAsked({ timeline }: Pick<RedemptionView, 'timeline'>): number {
  return timeline.filter(({ what }) => what.startsWith('needs-attention')).length;
}

/** Resolves when the sale waits there. `asked` is how often an operator was asked at least, if that is known. */
async function waiting(
  { env, request }: Scene,
  standing: Standing,
  asked: number,
  pass: () => Promise<unknown>,
  path: string = standing,
): Promise<RedemptionView> {
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const view = await env.status(request);
    const times = timesAsked(view);
    if (view.status === 'needs-attention' && view.reason === reasonOf(standing) && times >= asked) {
      // The way into the first standing may have asked before.
      if (asked > 0) expect(times, path).toBe(asked);
      return view;
    }
    if (Date.now() > limit)
      throw new Error(`${path}: stands at ${view.status}: ${view.reason}, not at ${standing}`);
    await pass();
  }
}

async function ended(
  { env, request, sandbox, alice }: Scene,
  { ends, moved }: Extract<Next, { ends: string }>,
  path: string,
  pass: () => Promise<unknown>,
): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  let view = await env.status(request);
  while (!['completed', 'declined', 'compensated'].includes(view.status)) {
    if (Date.now() > limit) throw new Error(`${path}: stands at ${view.status}, not at ${ends}`);
    await pass();
    view = await env.status(request);
  }
  const { status, reason } = view;
  expect(reason === undefined ? status : `${status}: ${reason}`, path).toBe(ends);
  const { movements } = await sandbox.ledger(alice);
  const ours = movements.filter(({ kind }) => kind !== 'other');
  expect(
    ours.reduce((sum, { points }) => sum + points, 0),
    path,
  ).toBe(moved);
  for (const answer of actKinds)
    await expect(
      give({ env, request, sandbox, alice, program: alice.program }, answer),
      `${path} → ${answer}`,
    ).rejects.toMatchObject({ code: 'refused' });
}

/** A run that waits for an operator would wait for ever. */
async function abandon({ env, request }: Scene): Promise<void> {
  const { program, redemptionId } = request;
  for (const type of ['redemption', 'watch', 'case', 'reversal'])
    await env.temporal.workflow
      .getHandle(`${type}:${program}:${redemptionId}`)
      .terminate('the test is over')
      .catch(() => undefined);
}
