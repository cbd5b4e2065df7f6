/** A week of everybody's events lies between a deduction that landed late and the look that finds it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { TASK_QUEUE } from '../../../src/domain/temporal-names.ts';
import { coffeeClub } from '../../../src/programs/sandbox.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const EVENTS = 50_200;
const redemptionId = `R-${randomUUID().slice(0, 8)}`;
const newestAt = Date.now() - 60_000;
const at = (index: number) => new Date(newestAt - (EVENTS - index) * 12_000).toISOString();

/** The oldest event is the deduction, and the others are of somebody else. */
function journal(): string {
  const event = (index: number, more: object) => ({
    type: 'event',
    event: {
      id: index,
      type: coffeeClub.deduction.eventType,
      subject: 'member-2',
      payload: { points: 1 },
      occurredAt: at(index),
      createdAt: at(index),
      memberId: 'member-2',
      reactsAfterMs: null,
      reactions: [],
      ...more,
    },
  });
  const deduction = event(1, {
    subject: 'member-1',
    memberId: 'member-1',
    payload: { points: 200, redemptionId, program: coffeeClub.id, move: 'deduct' },
    reactions: [{ type: 'POINTS', points: -200, reactedAt: at(1) }],
  });
  const others = Array.from({ length: EVENTS - 1 }, (_, index) => event(index + 2, {}));
  return [deduction, ...others].map((entry) => `${JSON.stringify([entry])}\n`).join('');
}

const folder = mkdtempSync(join(tmpdir(), 'long-list-'));
const sandboxData = join(folder, 'journal');
writeFileSync(sandboxData, journal());
afterAll(() => rmSync(folder, { recursive: true }));

const env = useTestEnvironment({ sandboxData });

it('the watch finds it, and goes on where it was after a page that failed', async () => {
  const program = coffeeClub.id;
  const since = at(1);
  const ended = {
    program,
    redemptionId,
    store: 'S1',
    status: 'declined',
    granted: false,
    points: 200,
    discount: { amount: '2.00', currency: 'GBP' },
    timeline: [],
  };
  const order = {
    program,
    redemptionId,
    member: 'member-1',
    memberId: 'member-1',
    points: 200,
    discountMinor: 200,
    store: 'S1',
    till: 'T1',
    since,
    deductBy: Date.parse(since) + 30_000,
    answerMs: 10_000,
    settlingMs: 30_000,
    lateWatchMs: [100],
  };
  await env.sandbox.switch({ rateLimit: false });
  const fault = { call: 'events', fault: 'error-before-commit' } as const;
  await env.atProvider(program, fault.call, fault.fault, { after: 300 });
  // All of it again would be 800 pages.
  await env.atProvider(program, fault.call, fault.fault, { after: 600 });
  const watch = await env.temporal.workflow.start('watch', {
    workflowId: `watch:${program}:${redemptionId}`,
    taskQueue: TASK_QUEUE,
    args: [{ ended, order, fulfils: false }],
  });
  expect(await watch.result()).toMatchObject({ kind: 'compensated' });
  const { movements } = await env.sandbox.ledger({ program, memberId: 'member-1' });
  expect(movements.map(({ points }) => points)).toEqual([200]);
  expect((await env.sandbox.faults()).map(({ fired }) => fired)).toEqual([1, 0]);
});
