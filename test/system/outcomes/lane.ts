/** A sandbox of its own for a few sales, one after another: so a fault strikes the sale that it is meant for. */
import { setTimeout as delay } from 'node:timers/promises';
import { runsOf, combinedView } from '../../../src/client/runs.ts';
import { RedemptionError, type Program, type RedemptionRequest } from '../../../src/index.ts';
import type { TestEnvironment } from '../../support/environment.ts';
import type { Fault } from '../../support/sandbox-client.ts';
import { openSandbox, type Sandbox } from '../../support/sandbox.ts';
import type { Case, Order } from './table.ts';

/** No sale takes longer. */
const LIMIT_MS = 90_000;
const PAUSE_MS = { shortest: 150, longest: 2_000 } as const;
const POINTS = 200;
/** Where nothing is said of the payment. */
const PAYMENT_DEADLINE_MS = 1_000;

export interface Lane {
  readonly sandbox: Sandbox;
  readonly cases: readonly Case[];
}

export async function openLane(cases: readonly Case[]): Promise<Lane> {
  return { sandbox: await openSandbox(), cases };
}

/**
 * Each case's program, at the lane's sandbox. It settles long before *deduct by*, so that no ending depends on which came
 * first, and looks once more for a deduction that lands late.
 */
export function programsOf({ sandbox, cases }: Lane): (readonly [string, Program])[] {
  return cases.map(({ program, programId }) => {
    const settings = sandbox.programs.get(program);
    if (settings === undefined) throw new Error(`no program ${program}`);
    return [programId, { ...settings, id: programId, settlingTime: 2_000, lateWatch: [2_500] }];
  });
}

/** The sale did not come as far as the fault: the machine was too busy for its deadline. */
export class NeverStruck extends Error {
  override readonly name = 'NeverStruck';
}

/** The ending of one sale, in the words of the table. */
export async function endingOf(
  env: TestEnvironment,
  sandbox: Sandbox,
  known: Case,
): Promise<string> {
  const { program, programId, row, order } = known;
  const alice = await sandbox.member(program, 5 * POINTS);
  const request = env.request(alice, {
    program: programId,
    points: POINTS,
    deductByMs: row.deductByMs,
    ...(isUnpaid(order) && { paymentDeadlineMs: PAYMENT_DEADLINE_MS }),
  });
  for (const fault of faultsOf(known))
    await sandbox.fault({ ...fault, service: serviceOf(known, fault.call) });
  const moved = async () => {
    const { movements } = await sandbox.ledger(alice);
    return movements.map(({ points }) => (points > 0 ? `+${points}` : `−${-points}`)).join(' ');
  };
  const rest = async () => `${await atRest(env, sandbox, request)} (${(await moved()) || 'none'})`;
  try {
    return await driven({ env, sandbox, order, request, rest });
  } catch (error) {
    // What is meant for the next sale would strike this one, if it still ran then.
    await sandbox.clearFaults();
    if ((await latestRun(env, request)) !== undefined) await atRest(env, sandbox, request);
    throw error;
  } finally {
    const latest = await latestRun(env, request);
    // A run that waits for an operator would wait for ever.
    if (latest?.outcome === undefined) await latest?.handle.terminate('the test is over');
    await sandbox.assertLedgerAddsUp();
  }
}

/** A sale that is brought to its end. */
interface LaneSale {
  readonly env: TestEnvironment;
  readonly sandbox: Sandbox;
  readonly order: Order;
  readonly request: RedemptionRequest;
  /** Where it stands once it is at rest, and what has moved. */
  readonly rest: () => Promise<string>;
}

async function driven(sale: LaneSale): Promise<string> {
  const { env, sandbox, order, request, rest } = sale;
  const { granted, reason } = await env.client.redeem(request);
  if (order === 'voidedMeanwhile' && !granted)
    throw new NeverStruck(`nothing was fulfilled: ${reason}`);
  await pay(sale);
  const ending = await rest();
  const spared = (await sandbox.faults()).find(({ fired }) => fired === 0);
  if (spared !== undefined) throw new NeverStruck(`${spared.call} was never struck: ${ending}`);
  if (!ending.startsWith('compensating')) return ending;
  await sandbox.clearFaults();
  return `${ending}; once cleared, ${await rest()}`;
}

function isUnpaid(order: Order): boolean {
  return order === 'nothing' || order === 'capturedLate';
}

/** The row's, and what the order needs so that its messages meet the sale where they should. */
function faultsOf({ order, row: { faults } }: Case): Omit<Fault, 'service'>[] {
  if (order === 'refusedFulfilment') return [...faults, { call: 'fulfil', fault: 'refuse' }];
  if (order !== 'voidedMeanwhile') return [...faults];
  const isFulfilStruck = faults.some(({ call }) => call === 'fulfil');
  return isFulfilStruck
    ? [{ call: 'fulfil', fault: 'pending', times: 2 }, ...faults]
    : [...faults, { call: 'fulfil', fault: 'slow', delayMs: 500 }];
}

function serviceOf({ program }: Case, call: Fault['call']): Fault['service'] {
  if (call === 'status') return 'payment';
  if (call === 'fulfil' || call === 'cancel') return 'fulfilment';
  return program === 'coffee-club' ? 'white-label-loyalty' : 'loyalife';
}

async function pay({ env, sandbox, order, request, rest }: LaneSale): Promise<void> {
  const { program, redemptionId } = request;
  const payment = { paymentId: 'payment-1' };
  const capture = () => env.client.capture({ program, redemptionId }, payment);
  const voided = () => env.client.void({ program, redemptionId }, payment);
  switch (order) {
    case 'nothing':
      return;
    case 'captured':
    case 'refusedFulfilment':
      return capture();
    case 'voided':
      return voided();
    case 'capturedVoided':
      await capture();
      return voided();
    case 'voidedCaptured':
      await voided();
      return capture();
    case 'voidedMeanwhile':
      await capture();
      await untilStruck(sandbox, 'fulfil');
      return voided();
    case 'voidedLater':
      await capture();
      await rest();
      return voided();
    case 'capturedLate':
      await rest();
      return capture();
  }
}

async function untilStruck(sandbox: Sandbox, call: Fault['call']): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await sandbox.faults()).some((fault) => fault.call === call && fault.fired > 0)) {
    if (Date.now() > limit) throw new Error(`${call} was not struck`);
    await delay(PAUSE_MS.shortest);
  }
}

/** Where the sale stands when nothing more happens by itself, or nothing else than the same again. */
async function atRest(
  env: TestEnvironment,
  sandbox: Sandbox,
  request: RedemptionRequest,
): Promise<string> {
  const limit = Date.now() + LIMIT_MS;
  let stand = 'unknown';
  for (
    let pauseMs: number = PAUSE_MS.shortest;
    Date.now() < limit;
    pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)
  ) {
    const runs = await runsOf(env.temporal, request);
    const { status, reason } = combinedView(runs);
    stand = reason === undefined ? status : `${status}: ${reason}`;
    const isOver = runs.at(-1)?.outcome !== undefined || status === 'needs-attention';
    const isRepeating = status === 'compensating' && (await isStillStriking(sandbox));
    if (isOver || isRepeating) return stand;
    await delay(pauseMs);
  }
  throw new Error(`${request.program} ${request.redemptionId} is still ${stand}`);
}

/** Tried twice, and bound to fail again; a refusal is taken for one only when it was heard often enough. */
async function isStillStriking(sandbox: Sandbox): Promise<boolean> {
  const [struck] = await sandbox.faults();
  if (struck === undefined || struck.fault === 'refuse') return false;
  return struck.fired >= 2 && (struck.times ?? 1) > struck.fired;
}

/** `undefined` when the till's question never arrived. */
async function latestRun(env: TestEnvironment, request: RedemptionRequest) {
  try {
    return (await runsOf(env.temporal, request)).at(-1);
  } catch (error) {
    if (error instanceof RedemptionError && error.code === 'unknown-redemption') return undefined;
    throw error;
  }
}
