/**
 * Whoever reaches Temporal, and has no key, answers the first workflow task of a start in plain JSON as an old version of
 * our workers would have. The run that our worker then takes up looks as if it were from before strays were refused.
 */
import { expect, it } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { activityCommand } from '../../support/rogue.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

it.each(['coffee-club', 'travel-miles'] as const)('a start in plain JSON at %s takes no points, however old its history looks', async (program) => {
  const alice = await env.sandbox.member(program, 1_000);
  const request = env.request(alice);
  await env.stopWorker();
  const workflowId = workflowIdOf('redemption', request);
  await strangerWith(env).workflow.start('redemption', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: [{ request, fingerprint: newFingerprint(request), deductByMs: 30_000 }],
    typedSearchAttributes: [
      { key: searchAttributes.status, value: 'on-course' },
      { key: searchAttributes.program, value: program },
      { key: searchAttributes.store, value: request.store },
      { key: searchAttributes.member, value: 'x' },
      { key: searchAttributes.deadline, value: new Date(Date.now() + 600_000) },
    ],
  });
  const { connection, options } = env.temporal;
  const { namespace } = options;
  const task = await env.temporal.withDeadline(Date.now() + 20_000, () =>
    connection.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, identity: 'rogue' }),
  );
  expect(task.workflowExecution?.workflowId).toBe(workflowId);
  await connection.workflowService.respondWorkflowTaskCompleted({
    namespace,
    identity: 'rogue',
    taskToken: task.taskToken,
    commands: [activityCommand('checkBalance', request, TASK_QUEUE)],
  });
  await env.startWorker();
  await delay(5_000);
  const { events } = await env.temporal.workflow.getHandle(workflowId).fetchHistory();
  const moved = await env.moved(alice);
  const types = events?.map((e) => String(e.eventType)).join(' ');
  await env.temporal.workflow.getHandle(workflowId).terminate('over').catch(() => undefined);
  expect(moved, types).toEqual([]);
}, 60_000);
