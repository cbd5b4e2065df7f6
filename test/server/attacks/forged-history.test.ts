/**
 * Whoever reaches Temporal, and has no key, answers the first workflow task of a start in plain JSON as an old version of our
 * workers would have. The run that our worker then takes up looks as if it were from before strays were refused.
 */
import { expect, it } from 'vitest';
import { newFingerprint } from '../../../src/client/fingerprint.ts';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { searchAttributes } from '../../../src/workflows/search-attributes.ts';
import { awaited } from '../../support/awaited.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { activityCommand } from '../../support/rogue.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();

it.each(bothPrograms)(
  'a start in plain JSON at %s takes no points, however old its history looks',
  async (program) => {
    const alice = await env.sandbox.member(program, 1_000);
    const request = env.request(alice);
    await env.stopWorker();
    const handle = await strangerWith(env).workflow.start('redemption', {
      workflowId: workflowIdOf('redemption', request),
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
    const stranger = { namespace, identity: 'stranger' };
    const task = await env.temporal.withDeadline(Date.now() + 20_000, () =>
      connection.workflowService.pollWorkflowTaskQueue({
        ...stranger,
        taskQueue: { name: TASK_QUEUE },
      }),
    );
    expect(task.workflowExecution?.workflowId).toBe(handle.workflowId);
    await connection.workflowService.respondWorkflowTaskCompleted({
      ...stranger,
      taskToken: task.taskToken,
      commands: [activityCommand('checkBalance', request, TASK_QUEUE)],
    });
    await env.startWorker();
    // The run as ours replays it gives no such order, so its task fails, or the run is refused; or else points are taken.
    await awaited('the worker has taken it up', async () => {
      const { events = [] } = await handle.fetchHistory();
      const isRefused = events?.some(
        (event) =>
          event.workflowTaskFailedEventAttributes ??
          event.workflowExecutionCompletedEventAttributes,
      );
      return isRefused === true || (await env.moved(alice)).length > 0;
    });
    const moved = await env.moved(alice);
    await handle.terminate('the test is over').catch(() => undefined);
    expect(moved).toEqual([]);
  },
);
