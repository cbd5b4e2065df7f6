/** What operators do in a late-capture case, and what must not follow from it. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Program, RedemptionRequest, Resolution } from '../../../src/index.ts';
import { awaited } from '../../support/awaited.ts';
import { openTestEnvironment, type TestEnvironment } from '../../support/environment.ts';
import { openReceiver, type Receiver } from '../../support/receiver.ts';
import { openSandbox, type Member, type Sandbox } from '../../support/sandbox.ts';
import { ACT, VOIDED } from '../../support/words.ts';

let receiver: Receiver;
let sandbox: Sandbox;
let env: TestEnvironment;

beforeAll(async () => {
  receiver = await openReceiver();
  sandbox = await openSandbox();
  const told = { notifyUrl: receiver.url, notifySecret: receiver.secret };
  const more = [...sandbox.programs.values()].flatMap((program): Program[] => [
    { ...program, ...told, id: `${program.id}-told` },
    { ...program, id: `${program.id}-quick`, settlingTime: 100, lateWatch: [500, 500] },
    ...(program.provider === 'loyalife'
      ? [{ ...program, id: `${program.id}-nameless`, merchantReference: false, settlingTime: 100 }]
      : []),
  ]);
  env = await openTestEnvironment({ programs: new Map(more.map((each) => [each.id, each])) });
});
afterEach(() => sandbox.assertLedgerAddsUp());
afterAll(async () => {
  await env.close();
  await sandbox.close();
  await receiver.close();
});

const idOf = ({ program, redemptionId }: RedemptionRequest) => ({ program, redemptionId });

/** Returns `done`, or the code of the refusal. */
const resolve = (
  request: RedemptionRequest,
  resolution: Resolution['resolution'],
  reference?: string,
): Promise<string> =>
  env.client
    .resolve(idOf(request), { ...ACT, resolution, ...(reference !== undefined && { reference }) })
    .then(
      () => 'done',
      (error: unknown) => (error as { code: string }).code,
    );
const reasonIs = (request: RedemptionRequest, reason: string) =>
  awaited(reason, async () => (await env.status(request)).reason === reason);
const moved = async (member: Member) =>
  (await sandbox.ledger(member)).movements.map(({ points }) => points);
async function lastDeduction(member: Member): Promise<string> {
  const { movements } = await sandbox.ledger(member);
  return movements.filter(({ kind }) => kind === 'deduct').at(-1)?.reference ?? 'none';
}

/** A late-capture case of a sale that timed out. `suffix` names the variant of the program. */
async function late(program: Member['program'], suffix: string) {
  const alice = await sandbox.member(program, 1_000);
  const request = env.request(alice, { program: `${program}${suffix}`, paymentDeadlineMs: 1_000 });
  await env.redeem(request);
  await env.ended(request);
  await env.capture(request, { paymentId: 'pay-1' });
  await env.until(request, 'needs-attention');
  return { alice, request };
}
const EVER = { times: 100_000 };
const at = (
  service: 'white-label-loyalty' | 'loyalife' | 'fulfilment',
  call: Parameters<Sandbox['fault']>[0]['call'],
  fault: Parameters<Sandbox['fault']>[0]['fault'],
  more = {},
) => sandbox.fault({ service, call, fault, ...more });

describe('deduct-again', () => {
  it.each(['adopt', 'retry'] as const)(
    'gives back an overspend, also where its answer was lost and a person answers with %s',
    async (act) => {
      const { alice, request } = await late('coffee-club', '-quick');
      await sandbox.switch({ reactionDelayMs: 1_500 });
      await at('white-label-loyalty', 'deduct', 'cut-after-commit');
      await at('white-label-loyalty', 'events', 'refuse', EVER);
      await resolve(request, 'deduct-again');
      await awaited('the deduction', async () =>
        (await sandbox.faults()).every(({ call, fired }) => call !== 'deduct' || fired > 0),
      );
      await sandbox.spend(alice, 900);
      await reasonIs(request, 'deduction-unknown');
      const balance = async () => (await sandbox.ledger(alice)).members[0]?.points;
      await awaited('the overspend', async () => (await balance()) === -100);
      if (act === 'adopt')
        expect(await resolve(request, 'adopt', await lastDeduction(alice))).toBe('done');
      else {
        await sandbox.clearFaults();
        await env.client.retry(idOf(request), ACT);
      }
      await reasonIs(request, 'late-capture');
      expect((await env.status(request)).message).toMatch(/spent them elsewhere/);
      expect(await balance()).toBe(100);
    },
  );

  it('adopts no redemption that was reversed before, where the history cannot tell two apart', async () => {
    const { alice, request } = await late('travel-miles', '-nameless');
    const reversed = await lastDeduction(alice);
    await at('loyalife', 'deduct', 'cut-before-commit');
    await resolve(request, 'deduct-again');
    await reasonIs(request, 'deduction-unknown');
    expect(await resolve(request, 'adopt', reversed)).toBe('refused');
    expect(await env.status(request)).toMatchObject({ reason: 'deduction-unknown' });
    expect(await moved(alice)).toEqual([-200, 200]);
  });

  it('that landed late and cannot be given back shows in the status of its sale', async () => {
    const { alice, request } = await late('coffee-club', '-quick');
    // It is carried out when nobody waits for it any more, nor looks for it for a while.
    await at('white-label-loyalty', 'deduct', 'slow', { delayMs: 12_000 });
    await resolve(request, 'deduct-again');
    await env.until(request, 'deducting');
    await env.until(request, 'needs-attention');
    await at('white-label-loyalty', 'events', 'refuse', EVER);
    await resolve(request, 'accept');
    const again = { ...request, redemptionId: `${request.redemptionId}~1` };
    await env.until(again, 'needs-attention');
    await awaited('the late deduction', async () => (await moved(alice)).length === 3);
    expect(await env.status(request)).toMatchObject({
      status: 'needs-attention',
      reason: 'deduction-unknown',
    });
    const waiting = { limit: 100, status: 'needs-attention', reason: 'deduction-unknown' } as const;
    await awaited('the sale in the list', async () =>
      (await env.client.list(waiting)).some(
        ({ redemptionId }) => redemptionId === request.redemptionId,
      ),
    );
    // Who answers for the sale answers what its status shows.
    expect(await resolve(request, 'adopt', await lastDeduction(alice))).toBe('done');
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });
});

describe('two operators of one case', () => {
  it('adopt a reference for the deduction that it was checked for, and for no later one', async () => {
    const { alice, request } = await late('travel-miles', '-quick');
    await at('loyalife', 'deduct', 'cut-after-commit');
    await at('loyalife', 'history', 'refuse', EVER);
    await resolve(request, 'deduct-again');
    await reasonIs(request, 'deduction-unknown');
    // One adopts it, and the provider is slow to confirm that.
    await sandbox.clearFaults();
    await at('loyalife', 'history', 'slow', { delayMs: 6_000 });
    const adopting = resolve(request, 'adopt', await lastDeduction(alice));
    await sandbox.struck();
    // The other one sees nothing at the provider yet, and has the points taken once more.
    await at('loyalife', 'history', 'refuse', EVER);
    await resolve(request, 'not-deducted');
    await reasonIs(request, 'late-capture');
    await at('loyalife', 'deduct', 'cut-before-commit');
    await resolve(request, 'deduct-again');
    await reasonIs(request, 'deduction-unknown');
    expect(await adopting).toBe('refused');
    expect(await env.status(request)).toMatchObject({ reason: 'deduction-unknown' });
    await sandbox.clearFaults();
    // The watch of the first of the two gives it back, once it can look.
    const first = { ...request, redemptionId: `${request.redemptionId}~1` };
    if ((await env.status(first)).status === 'needs-attention')
      await env.client.retry(idOf(first), ACT);
    await env.until(first, 'compensated');
    await resolve(request, 'not-deducted');
    await reasonIs(request, 'late-capture');
    await resolve(request, 'accept');
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  }, 60_000);
});

describe('accept', () => {
  it('does not swallow a void that comes before the case has closed', async () => {
    const { alice, request } = await late('coffee-club', '-told');
    await at('fulfilment', 'fulfil', 'refuse');
    await at('fulfilment', 'cancel', 'refuse');
    await resolve(request, 'deduct-again');
    await reasonIs(request, 'cancellation-refused');
    // Nobody hands notifications on for a moment.
    await env.stopWorker();
    await env.startWorker({ only: 'workflows' });
    await resolve(request, 'accept');
    await env.voidSale(request, { paymentId: 'pay-1' });
    await awaited('the void', async () =>
      (await env.status(request)).timeline.some(({ what }) => what === 'payment voided'),
    );
    await env.stopWorker();
    await env.startWorker();
    expect(await env.ended(request)).toMatchObject(VOIDED);
    expect(await moved(alice)).toEqual([-200, 200, -200, 200]);
  });
});
