/** Messages that no client of ours would send: none of them may stop a run, or start one that moves points. */
import { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { TASK_QUEUE, workflowIdOf } from '../../../src/domain/temporal-names.ts';
import { strangerWith } from '../../support/stranger.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const env = useTestEnvironment();
const bytes = (text: string) => Buffer.from(text);
const encrypted = bytes('binary/encrypted');

const sender = (payload: Payload) => strangerWith(env, payload);

const shapes: readonly (readonly [string, Payload])[] = [
  ['bytes that name no key', { metadata: { encoding: encrypted }, data: bytes('nothing') }],
  ['nothing at all that is encrypted', { metadata: { encoding: encrypted }, data: bytes('') }],
  [
    'an array of 5,000 levels',
    {
      metadata: { encoding: bytes('json/plain') },
      data: bytes('['.repeat(5_000) + ']'.repeat(5_000)),
    },
  ],
  ['no JSON', { metadata: { encoding: bytes('json/plain') }, data: bytes('{"eventId":') }],
  ['another encoding', { metadata: { encoding: bytes('a/b') }, data: bytes('1') }],
  ['no metadata', { data: bytes('1') }],
];

describe.each(shapes)('%s', (_, payload) => {
  it('stops no sale as a signal', async () => {
    const alice = await env.sandbox.member('coffee-club', 1_000);
    const request = env.request(alice);
    await env.redeem(request);
    const handle = sender(payload).workflow.getHandle(workflowIdOf('redemption', request));
    for (const signal of ['paymentCaptured', 'paymentVoided', 'retry', 'giveUp'])
      await handle.signal(signal, 'replaced');
    expect(await env.status(request)).toMatchObject({ status: 'awaiting-payment' });
    await env.voidSale(request);
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    expect(await env.moved(alice)).toEqual([-200, 200]);
  });

  it('starts nothing that waits or moves points', async () => {
    const alice = await env.sandbox.member('coffee-club', 1_000);
    const request = env.request(alice);
    for (const type of ['redemption', 'reversal', 'watch', 'case', 'news'] as const)
      expect(await endOf(type, sender(payload), request)).toBe(
        type === 'redemption' ? 'COMPLETED' : 'FAILED',
      );
    expect(await env.moved(alice)).toEqual([]);
  });
});

it('a start without any content is refused', async () => {
  const request = env.request(await env.sandbox.member('coffee-club', 1_000));
  const { connection, options } = env.temporal;
  const plain = new Client({ connection, namespace: options.namespace });
  for (const type of ['redemption', 'reversal', 'watch', 'case', 'news'] as const)
    expect(await endOf(type, plain, request, [])).toBe(
      type === 'redemption' ? 'COMPLETED' : 'FAILED',
    );
});

it('the start of a sale is no start of another type of run, under the same id', async () => {
  const alice = await env.sandbox.member('coffee-club', 1_000);
  const request = env.request(alice);
  await env.redeem(request);
  await env.voidSale(request);
  await env.ended(request);
  const { events } = await env.handle(request).fetchHistory();
  const copied = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (copied === undefined) throw new Error('the run has no input');
  for (const type of ['reversal', 'watch', 'case', 'news'])
    expect(
      await endOf(type, sender(copied), request, ['copied'], workflowIdOf('redemption', request)),
    ).toBe('FAILED');
  expect(await env.moved(alice)).toEqual([-200, 200]);
});

/** The status in which a run closed that was started so. */
async function endOf(
  type: string,
  by: Client,
  sale: { readonly program: string; readonly redemptionId: string },
  args: unknown[] = ['replaced'],
  workflowId = `${type}:${sale.program}:${sale.redemptionId}`,
): Promise<string> {
  await by.workflow.start(type, { workflowId, taskQueue: TASK_QUEUE, args });
  const handle = env.temporal.workflow.getHandle(workflowId);
  await env.temporal
    .withDeadline(Date.now() + 10_000, () => handle.result())
    .catch(() => undefined);
  return (await handle.describe()).status.name;
}
