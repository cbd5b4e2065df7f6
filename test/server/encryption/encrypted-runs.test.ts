/** Redemptions whose every payload is encrypted, before, while and after the key ring is rotated. */
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { workflowIdOf, type RunType } from '../../../src/domain/temporal-names.ts';
import { encryptionWith } from '../../../src/encryption/data-converter.ts';
import type { RedemptionRequest } from '../../../src/index.ts';
import { workflowBundle } from '../../../src/worker/workflow-bundle.ts';
import { awaited } from '../../support/awaited.ts';
import { withBase64Decoded } from '../../support/base64.ts';
import { newKey, keyRingOf } from '../../support/key-rings.ts';
import { bothPrograms } from '../../support/program-variants.ts';
import { serverPath } from '../../support/servers.ts';
import { useTestEnvironment } from '../../support/use-environment.ts';

const old = newKey('ring-key-1');
const next = newKey('ring-key-2');
const env = useTestEnvironment({ keyRing: keyRingOf(old) });
const { redeem, capture, voidSale, moved, startWorker, stopWorker } = env;

const run = promisify(execFile);

async function historyOf(request: RedemptionRequest, type: RunType = 'redemption') {
  const { program, redemptionId } = request;
  const { client } = env.server;
  return client.workflow.getHandle(workflowIdOf(type, { program, redemptionId })).fetchHistory();
}

/** The history as a reader of the database has it. */
async function inDatabase(request: RedemptionRequest, type?: RunType): Promise<string> {
  const history = proto.temporal.api.history.v1.History.fromObject(await historyOf(request, type));
  return withBase64Decoded(JSON.stringify(history.toJSON()));
}

/**
 * Of all payloads that a codec sees: not the search attributes, nor what the SDK's core notes of a local activity beside its
 * result, which is its name and its times.
 */
async function encodings(request: RedemptionRequest, type?: RunType): Promise<string[]> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, child] of Object.entries(value)) {
      if (name === 'searchAttributes') continue;
      if (name === 'data' && 'result' in value) continue;
      if (name === 'encoding') found.add(Buffer.from(child as string, 'base64').toString());
      walk(child);
    }
  };
  walk(proto.temporal.api.history.v1.History.fromObject(await historyOf(request, type)).toJSON());
  return [...found].sort();
}

/** What the payloads of a run name as their cipher: nothing, where they are encrypted with the ring's key. */
async function ciphersIn(request: RedemptionRequest, type: RunType): Promise<string[]> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('encryption-key-id' in value) {
      const cipher = 'encryption-cipher' in value ? (value['encryption-cipher'] as string) : '';
      found.add(Buffer.from(cipher, 'base64').toString());
    }
    Object.values(value).forEach(walk);
  };
  walk(proto.temporal.api.history.v1.History.fromObject(await historyOf(request, type)).toJSON());
  return [...found];
}

async function keysIn(request: RedemptionRequest): Promise<string[]> {
  const found = (await inDatabase(request)).match(/ring-key-[12]/g) ?? [];
  return [...new Set(found)].sort();
}

async function readsWith(keyRing: ReturnType<typeof keyRingOf>, request: RedemptionRequest) {
  await Worker.runReplayHistory(
    {
      workflowBundle: await workflowBundle(),
      dataConverter: encryptionWith(keyRing),
    },
    await historyOf(request),
    workflowIdOf('redemption', request),
  );
}

describe.each(bothPrograms)('the history of an encrypted redemption, %s', (program) => {
  it('holds neither the member nor their alias, nor what was said of them', async () => {
    const member = await env.sandbox.member(program, 1_000);
    const request = env.request(member, { member: member.alias, cashier: 'erika.m.7' });
    expect(await redeem(request)).toMatchObject({ granted: true });
    await capture(request, { eventId: 'evt-1', paymentId: 'pay-of-erika-mustermann' });
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    await voidSale(request, { reason: 'erika mustermann left' });
    expect(await env.ended(request)).toMatchObject({ status: 'compensated' });
    for (const type of ['redemption', 'reversal'] as const) {
      const text = await inDatabase(request, type);
      expect(await encodings(request, type)).toEqual(['binary/encrypted']);
      expect(await ciphersIn(request, type)).toEqual(['AES-256-GCM/HKDF-SHA-256']);
      for (const secret of [member.memberId, member.alias, 'example.com', 'mustermann', 'erika'])
        expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });

  it('holds no failure in the clear', async () => {
    const member = await env.sandbox.member(program, 1_000);
    const request = env.request(member);
    await redeem(request);
    await env.atFulfilment('fulfil', 'error-before-commit');
    await capture(request);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
    const text = await inDatabase(request);
    expect(text).toContain('Encoded failure');
    expect(text).not.toMatch(/HTTP 5|fulfilment\/http|at async /);
  });
});

describe('an encrypted redemption', () => {
  it('takes plain JSON from the Temporal command line', async () => {
    const member = await env.sandbox.member('coffee-club', 1_000);
    const request = env.request(member);
    await redeem(request);
    const id = workflowIdOf('redemption', request);
    const words = `workflow signal --address ${env.server.address} --namespace ${env.server.namespace} --workflow-id ${id} --name paymentCaptured --input`;
    await run(serverPath('TEMPORAL_CLI_PATH'), [...words.split(' '), '{"eventId":"evt-1"}']);
    expect(await env.ended(request)).toMatchObject({ status: 'completed' });
  });

  it('does not notice that the key ring is rotated', async () => {
    const member = await env.sandbox.member('coffee-club', 1_000);
    const before = env.request(member);
    const across = env.request(member);
    const after = env.request(member);
    await redeem(before);
    await capture(before);
    await env.ended(before);
    await redeem(across);

    for (const keyRing of [keyRingOf(old, next), keyRingOf(next, old)]) {
      await stopWorker();
      await startWorker({ keyRing });
      const reader = env.clientWith(keyRingOf(old, next));
      expect(await reader.status(across)).toMatchObject({
        status: 'awaiting-payment',
      });
    }
    const till = env.clientWith(keyRingOf(next, old));
    expect(await till.redeem(after)).toMatchObject({ granted: true });
    for (const sale of [across, after]) {
      await till.capture(sale);
      expect(await till.wait(sale, 30_000)).toMatchObject({ status: 'completed' });
    }

    expect(await keysIn(before)).toEqual(['ring-key-1']);
    expect(await keysIn(across)).toEqual(['ring-key-1', 'ring-key-2']);
    expect(await keysIn(after)).toEqual(['ring-key-2']);
    for (const request of [before, across, after]) await readsWith(keyRingOf(next, old), request);
    await expect(readsWith(keyRingOf(next), before)).rejects.toThrow();
    expect(await moved(member)).toEqual([-200, -200, -200]);
    await stopWorker();
    await startWorker();
  });
});

describe('a worker with the wrong key', () => {
  /** A deduction of this sale was taken by a worker that could not read it. */
  async function wasUnreadable(request: RedemptionRequest): Promise<boolean> {
    const { events } = await historyOf(request).catch(() => ({ events: [] }));
    return (events ?? []).some(
      ({ activityTaskFailedEventAttributes: failed }) =>
        failed?.failure?.applicationFailureInfo?.type === 'DecryptionError',
    );
  }

  it('fails nothing, and another worker carries on', async () => {
    const member = await env.sandbox.member('coffee-club', 1_000);
    const open = env.request(member);
    await redeem(open);
    await stopWorker();
    await startWorker({ keyRing: keyRingOf(newKey('ring-key-1')) });
    await capture(open);
    await awaited('a failed workflow task', async () =>
      (await inDatabase(open)).includes('workflowTaskFailedEventAttributes'),
    );
    expect(await inDatabase(open)).toContain('names the key \\"ring-key-1\\" cannot be decrypted');
    await stopWorker();
    await startWorker();
    expect(await env.until(open, 'completed')).toMatchObject({ granted: true });
    expect(await moved(member)).toEqual([-200]);
  });

  it('takes a deduction and does not begin it, so that it is not unknown', async () => {
    const member = await env.sandbox.member('coffee-club', 100_000);
    await stopWorker();
    // Apart, or a worker would give the activities of its runs to itself.
    const others = [
      await env.startWorkerBeside({ only: 'workflows' }),
      await env.startWorkerBeside({ only: 'activities' }),
    ];
    const stopWrongOne = await env.startWorkerBeside({
      only: 'activities',
      keyRing: keyRingOf(newKey('ring-key-1')),
    });
    const requests: RedemptionRequest[] = [];
    await awaited('a deduction that the worker with the wrong key took', async () => {
      const request = env.request(member);
      requests.push(request);
      const answer = redeem(request);
      let isAnswered = false;
      void answer.finally(() => (isAnswered = true));
      await awaited('an answer', async () => isAnswered || (await wasUnreadable(request)));
      const isTaken = await wasUnreadable(request);
      // The server may give it every attempt, until there is no time left.
      if (isTaken) await stopWrongOne();
      expect(await answer).toMatchObject({ granted: true });
      return isTaken;
    });
    for (const stop of others) await stop();
    await startWorker();

    expect(await moved(member)).toEqual(requests.map(() => -200));
    for (const request of requests) {
      await voidSale(request);
      const { timeline } = await env.ended(request);
      expect(timeline.map(({ what }) => what).join()).not.toContain('resolving');
    }
  });
});
