/** Somebody who reaches Temporal, has no key, and serves a task queue of their own: no task of our workers is taken. */
import type { Payload } from '@temporalio/common';
import proto from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { strangerWith } from './stranger.ts';
import type { TestEnvironment } from './environment.ts';

const { CommandType, QueryResultType } = proto.temporal.api.enums.v1;
type Command = proto.temporal.api.command.v1.ICommand;

export function plain(value: unknown): Payload {
  return {
    metadata: { encoding: Buffer.from('json/plain') },
    data: Buffer.from(JSON.stringify(value)),
  };
}

/** Starts a run on a queue of the stranger's, and answers its next workflow task with these commands. */
export async function rogueRun(
  env: TestEnvironment,
  { workflowId = `rogue-${randomUUID()}`, type = 'rogue' },
  first: readonly Command[],
) {
  const queue = `rogue-${randomUUID()}`;
  const handle = await strangerWith(env).workflow.start(type, {
    workflowId,
    taskQueue: queue,
    args: [],
  });
  const { connection, options } = env.temporal;
  const { namespace } = options;
  const nextTask = () =>
    env.temporal.withDeadline(Date.now() + 20_000, () =>
      connection.workflowService.pollWorkflowTaskQueue({
        namespace,
        taskQueue: { name: queue },
        identity: 'rogue',
      }),
    );
  const answer = async (commands: readonly Command[]) => {
    const task = await nextTask();
    await connection.workflowService.respondWorkflowTaskCompleted({
      namespace,
      identity: 'rogue',
      taskToken: task.taskToken,
      commands: [...commands],
    });
    return task;
  };
  const answerQuery = async (value: object) => {
    const { taskToken } = await nextTask();
    await connection.workflowService.respondQueryTaskCompleted({
      namespace,
      taskToken,
      completedType: QueryResultType.QUERY_RESULT_TYPE_ANSWERED,
      queryResult: { payloads: [plain(value)] },
    });
  };
  await answer(first);
  return { handle, answer, answerQuery };
}

export function activityCommand(name: string, input: object, taskQueue: string): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId: '1',
      activityType: { name },
      taskQueue: { name: taskQueue },
      input: { payloads: ['metadata' in input ? (input as Payload) : plain(input)] },
      scheduleToCloseTimeout: { seconds: 20 as never },
      heartbeatTimeout: { seconds: 10 as never },
      retryPolicy: { maximumAttempts: 1 },
    },
  };
}

export function completeCommand(result: unknown): Command {
  return {
    commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
    completeWorkflowExecutionCommandAttributes: { result: { payloads: [plain(result)] } },
  };
}
