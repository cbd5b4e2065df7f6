/** What an operator can do to a run in Temporal, and should not. */
import { randomUUID } from 'node:crypto';
import type { RedemptionRequest } from '../../src/index.ts';
import type { TestEnvironment } from './environment.ts';

/** Sets the run back to its `nth` workflow task; from the end where that is negative. The first is before the deduction. */
export async function resetRun(
  env: TestEnvironment,
  request: RedemptionRequest,
  nth = 0,
): Promise<void> {
  const { connection, namespace = 'default' } = env.server;
  const handle = env.handle(request);
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const task = events?.filter((event) => event.workflowTaskCompletedEventAttributes).at(nth);
  if (!task?.eventId) throw new Error('there is no such workflow task');
  await connection.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    workflowTaskFinishEventId: task.eventId,
    reason: 'a test',
    requestId: randomUUID(),
  });
}
