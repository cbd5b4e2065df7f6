/** Workers in the process of a test. */
import type { PayloadCodec } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, MemberLocks } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import { redemptionsWith } from '../../src/client/reference-owners.ts';
import { TASK_QUEUE } from '../../src/domain/temporal-names.ts';
import { workerEncryption } from '../../src/encryption/data-converter.ts';
import type { KeyRing } from '../../src/encryption/key-ring.ts';
import type { Programs } from '../../src/index.ts';
import { connectPrograms } from '../../src/worker/connect-programs.ts';
import { createMemberLocks } from '../../src/worker/member-locks.ts';
import { startNotification } from '../../src/worker/start-notification.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';

/** Pauses of activities pass this much faster. */
const HASTE = 50;

/** A worker that is not like the usual one. */
export interface WorkerKind {
  /** Other keys than the environment's. */
  readonly keyRing?: KeyRing;
  /** Another programs file than the environment's. */
  readonly programs?: Programs;
  /** It polls for these alone, so another one has to do the rest. */
  readonly only?: 'workflows' | 'activities';
  /** Other payloads than ours, such as those of an earlier version. */
  readonly codec?: PayloadCodec;
  /** Other workflow code than ours. */
  readonly workflows?: WorkflowBundleOption;
}

interface Surroundings {
  readonly server: TestWorkflowEnvironment;
  readonly namespace: string;
  readonly programs: Programs;
  readonly keyRing: KeyRing;
  readonly skipsTime: boolean;
}

/** What starts a worker and returns what stops it. */
export async function testWorkers({
  server,
  namespace,
  programs,
  keyRing: usual,
  skipsTime,
}: Surroundings): Promise<(kind?: WorkerKind) => Promise<() => Promise<void>>> {
  let aheadMs = 0;
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    sleep: (milliseconds, signal) => delay(milliseconds / HASTE, undefined, { signal }),
  };
  const temporal = server.client;
  const activitiesFor = (known: Programs) =>
    createActivities({
      programs: connectPrograms(known, usual),
      clock,
      // The skipping server stands still beside a lease's run, which nobody serves; tills that compete have real time.
      memberLocks: skipsTime ? freeForAll : createMemberLocks(temporal),
      redemptionsWith: (order, reference) => redemptionsWith(temporal, known, order, reference),
      passOn: (news) => startNotification(temporal, news),
    });
  const activities = activitiesFor(programs);
  const bundle = await workflowBundle();

  return async ({ keyRing = usual, programs: others, codec, only, workflows = bundle } = {}) => {
    // Over one connection there is one worker at a time, and one with other keys runs beside it.
    const own =
      keyRing === usual ? undefined : await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({
      connection: own ?? server.nativeConnection,
      namespace,
      taskQueue: TASK_QUEUE,
      ...(only !== 'activities' && { workflowBundle: workflows }),
      activities: others === undefined ? activities : activitiesFor(others),
      // One for workflows needs them all the same, for what it does at once.
      enableNonLocalActivities: only !== 'workflows',
      dataConverter: {
        ...workerEncryption(keyRing),
        ...(codec !== undefined && { payloadCodecs: [codec] }),
      },
      // Stored histories name no machine.
      identity: 'test',
    });
    const running = worker.run();
    // Activities live by this machine's clock, and the skipping server runs ahead of it: deadlines need both to agree.
    const follow = skipsTime
      ? setInterval(() => {
          void server.currentTimeMs().then((now) => (aheadMs = now - Date.now()));
        }, 20)
      : undefined;
    return async () => {
      clearInterval(follow);
      worker.shutdown();
      await running;
      await own?.close();
    };
  };
}

const freeForAll: MemberLocks = {
  take: (_, milliseconds) =>
    Promise.resolve({ leftMs: milliseconds, release: () => Promise.resolve() }),
};
