/** What a run cost the server, read from its history: the same count for the benchmark and for the golden table. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

export interface Cost {
  readonly events: number;
  readonly workflowTasks: number;
  /**
   * What Temporal Cloud would bill, as far as a history tells: heartbeats, queries and refused updates leave nothing in
   * it.
   */
  readonly actions: number;
  readonly bytes: number;
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

const NO_COST: Cost = { events: 0, workflowTasks: 0, actions: 0, bytes: 0 };

/** Of the latest run of this id, unless another one is named; nothing where there is none. */
export async function costOf(temporal: Client, workflowId: string, runId?: string): Promise<Cost> {
  const handle = temporal.workflow.getHandle(workflowId, runId);
  try {
    const { historySize = 0 } = await handle.describe();
    const { events } = await handle.fetchHistory();
    return { ...countEvents(events ?? []), bytes: historySize };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return NO_COST;
    throw error;
  }
}

export function sumOf(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, { events, workflowTasks, actions, bytes }) => ({
      events: sum.events + events,
      workflowTasks: sum.workflowTasks + workflowTasks,
      actions: sum.actions + actions,
      bytes: sum.bytes + bytes,
    }),
    NO_COST,
  );
}

function countEvents(events: readonly HistoryEvent[]): Omit<Cost, 'bytes'> {
  return {
    events: events.length,
    workflowTasks: events.filter((event) => event.workflowTaskStartedEventAttributes).length,
    actions:
      events.reduce((sum, event) => sum + actionsOf(event), 0) + tasksWithLocalActivities(events),
  };
}

/** https://docs.temporal.io/cloud/actions */
function actionsOf(event: HistoryEvent): number {
  const started = event.workflowExecutionStartedEventAttributes;
  // A child's start is counted where its parent asks for it.
  if (started) return started.parentWorkflowExecution ? 0 : 1;
  if (event.startChildWorkflowExecutionInitiatedEventAttributes) return 2;
  // One for each attempt: the event of the last one says how many there were.
  if (event.activityTaskStartedEventAttributes)
    return event.activityTaskStartedEventAttributes.attempt ?? 1;
  const upsert = event.upsertWorkflowSearchAttributesEventAttributes;
  // What a patch writes by itself is free.
  if (upsert)
    return 'TemporalChangeVersion' in (upsert.searchAttributes?.indexedFields ?? {}) ? 0 : 1;
  return event.timerStartedEventAttributes ||
    event.workflowExecutionSignaledEventAttributes ||
    event.workflowExecutionUpdateAcceptedEventAttributes
    ? 1
    : 0;
}

/** All local activities of one workflow task are one action. */
function tasksWithLocalActivities(events: readonly HistoryEvent[]): number {
  const tasks = events.flatMap(({ markerRecordedEventAttributes: marker }) =>
    marker?.markerName === 'core_local_activity'
      ? [String(marker.workflowTaskCompletedEventId)]
      : [],
  );
  return new Set(tasks).size;
}
