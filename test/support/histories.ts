/** The histories that are kept: of each version of the saga, for each program, one of each ending. */
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { ProgramId } from './sandbox-client.ts';

export const historyEndings = [
  'completed',
  'declined-insufficient-points',
  'compensated-payment-voided',
  'compensated-payment-timed-out',
  'compensated-fulfilment-failed',
  'compensated-cancelled',
  'declined-provider-failed',
  'needs-attention-deduction-unknown',
] as const;
export type HistoryEnding = (typeof historyEndings)[number];

export const historiesOf = (version: number) =>
  new URL(`../histories/${version}/`, import.meta.url);

export const historyName = (program: ProgramId, ending: HistoryEnding) =>
  `${program}-${ending}.json`;

/** A history that is kept to be read, as it was in Temporal: encrypted for its run. */
export async function asInTemporal(text: string, codec: PayloadCodec) {
  const history = JSON.parse(text) as StoredHistory;
  const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
  const context = { type: 'workflow', namespace: 'default', workflowId } as const;
  return { history: await encrypted(history), workflowId };

  async function encrypted(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map(encrypted));
    if (typeof value !== 'object' || value === null) return value;
    if (isPayload(value)) {
      const [payload] = await codec.encode([fromShown(value)], context);
      return payload === undefined ? value : toShown(payload);
    }
    const entries = Object.entries(value).map(
      async ([name, of]) =>
        [name, NEVER_ENCRYPTED.includes(name) ? of : await encrypted(of)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }
}

interface StoredHistory {
  readonly events: readonly [
    { readonly workflowExecutionStartedEventAttributes: { readonly workflowId: string } },
  ];
}

/** As the command line shows one: bytes are base64. */
interface ShownPayload {
  readonly metadata: Readonly<Record<string, string>>;
  readonly data?: string;
}

/** Search attributes, and what the SDK's core notes of a local activity. */
const NEVER_ENCRYPTED = ['searchAttributes', 'data'];

const isPayload = (value: object): value is ShownPayload =>
  'metadata' in value && 'encoding' in (value.metadata as object);

const fromShown = ({ metadata, data = '' }: ShownPayload): Payload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  ),
  data: Buffer.from(data, 'base64'),
});

const toShown = ({ metadata, data }: Payload): ShownPayload => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([name, of]) => [name, Buffer.from(of).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
