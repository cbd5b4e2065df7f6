/** What Temporal UI is told of a run, read as the UI reads it. */
import type { Client, WorkflowHandle } from '@temporalio/client';
import { searchAttributes } from '../../src/workflows/search-attributes.ts';

interface Metadata {
  readonly currentDetails: string;
  readonly definition: Record<
    'signalDefinitions' | 'queryDefinitions' | 'updateDefinitions',
    { name: string; description?: string }[]
  >;
}

export const metadataOf = (handle: WorkflowHandle): Promise<Metadata> =>
  handle.query<Metadata>('__temporal_workflow_metadata');

/** The summaries in a history by what they stand at, in their order. */
export async function summariesOf(temporal: Client, handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const codec = temporal.options.loadedDataConverter.payloadCodecs[0];
  const found: string[] = [];
  for (const { userMetadata, timerCanceledEventAttributes } of events ?? []) {
    if (!userMetadata?.summary || timerCanceledEventAttributes) continue;
    const [payload] = (await codec?.decode([userMetadata.summary])) ?? [];
    found.push(JSON.parse(Buffer.from(payload?.data ?? []).toString()) as string);
  }
  return found;
}

export async function upsertsOf(handle: WorkflowHandle): Promise<number> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).filter((event) => event.upsertWorkflowSearchAttributesEventAttributes)
    .length;
}

export async function searched(handle: WorkflowHandle) {
  const { typedSearchAttributes: found } = await handle.describe();
  return {
    status: found.get(searchAttributes.status),
    reason: found.get(searchAttributes.reason),
    program: found.get(searchAttributes.program),
    store: found.get(searchAttributes.store),
  };
}
