/** A whole shop in one process: a real Temporal server, the sandbox over HTTP, a worker and a client. */
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, MemberLocks } from '../../src/activities/dependencies.ts';
import { createActivities } from '../../src/activities/index.ts';
import { redemptionsWith } from '../../src/client/reference-owners.ts';
import { workflowIdOf } from '../../src/domain/temporal-names.ts';
import { TASK_QUEUE } from '../../src/domain/temporal-names.ts';
import { encryptionWith } from '../../src/encryption/data-converter.ts';
import { sandboxKeyRing, type KeyRing } from '../../src/encryption/key-ring.ts';
import {
  RedemptionClient,
  type Program,
  type Programs,
  type RedemptionRequest,
  type RedemptionView,
  type Status,
} from '../../src/index.ts';
import { connectPrograms } from '../../src/worker/connect-programs.ts';
import { createMemberLocks } from '../../src/worker/member-locks.ts';
import { startNotification } from '../../src/worker/start-notification.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { openSandbox, type Member, type ProgramId, type Sandbox } from './sandbox-client.ts';
import { connectToServer, silenceTemporal, startSkippingServer, type TestUi } from './temporal.ts';

/** How long a test waits for anything at all. */
const LIMIT_MS = 30_000;
/** Pauses of activities pass this much faster. */
const HASTE = 50;

export interface Shop {
  readonly sandbox: Sandbox;
  readonly env: TestWorkflowEnvironment;
  readonly client: RedemptionClient;
  readonly programs: Programs;
  readonly startWorker: (kind?: WorkerKind) => Promise<() => Promise<void>>;
  /** Another till of the shop, with keys of its own. */
  readonly clientWith: (others: KeyRing) => RedemptionClient;
  /** A redemption of 200 points by this member, unless said otherwise. */
  request(member: Member, overrides?: Partial<RedemptionRequest>): RedemptionRequest;
  handle(request: RedemptionRequest): WorkflowHandle;
  /** Resolves when the redemption stands there. */
  until(request: RedemptionRequest, status: Status): Promise<RedemptionView>;
  ended(request: RedemptionRequest): Promise<RedemptionView>;
  close(): Promise<void>;
}

/** A worker that is not like the usual one. */
export interface WorkerKind {
  /** Other keys than the shop's. */
  readonly keyRing?: KeyRing;
  /** It polls for these alone, so another one has to do the rest. */
  readonly only?: 'workflows' | 'activities';
}

/** `more` are programs beside the usual ones; everything is encrypted with the `keyRing`. */
export async function openShop(
  kind: 'local' | 'time-skipping',
  more: Programs = new Map(),
  keyRing = sandboxKeyRing,
  ui?: TestUi,
): Promise<Shop> {
  const sandbox = await openSandbox();
  const programs = new Map([...withVariants(sandbox.programs), ...more]);
  silenceTemporal();
  const {
    server: env,
    namespace,
    close: closeServer,
  } = await (kind === 'local' ? connectToServer(keyRing, ui) : startSkippingServer(keyRing));

  let aheadMs = 0;
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    sleep: (milliseconds, signal) => delay(milliseconds / HASTE, undefined, { signal }),
  };
  const temporal = env.client;
  const activities = createActivities({
    programs: connectPrograms(programs, keyRing),
    clock,
    // The skipping server stands still beside a lease's run, which nobody serves; tills that compete have real time.
    memberLocks: kind === 'local' ? createMemberLocks(temporal) : freeForAll,
    redemptionsWith: (order, reference) => redemptionsWith(temporal, programs, order, reference),
    passOn: (news) => startNotification(temporal, news),
  });
  const bundle = await workflowBundle();

  async function startWorker({ keyRing: others, only }: WorkerKind = {}): Promise<
    () => Promise<void>
  > {
    const keys = others ?? keyRing;
    // Over one connection there is one worker at a time, and one with other keys runs beside it.
    const own =
      keys === keyRing ? undefined : await NativeConnection.connect({ address: env.address });
    const worker = await Worker.create({
      connection: own ?? env.nativeConnection,
      namespace,
      taskQueue: TASK_QUEUE,
      ...(only !== 'activities' && { workflowBundle: bundle }),
      activities,
      // One for workflows needs them all the same, for what it does at once.
      enableNonLocalActivities: only !== 'workflows',
      dataConverter: encryptionWith(keys),
      // Stored histories name no machine.
      identity: 'test',
    });
    const running = worker.run();
    // Activities live by this machine's clock, and the skipping server runs ahead of it: deadlines need both to agree.
    const follow =
      kind === 'time-skipping'
        ? setInterval(() => {
            void env.currentTimeMs().then((now) => (aheadMs = now - Date.now()));
          }, 20)
        : undefined;
    return async () => {
      clearInterval(follow);
      worker.shutdown();
      await running;
      await own?.close();
    };
  }

  const redemptions = new RedemptionClient({ temporal, programs });
  return {
    sandbox,
    env,
    client: redemptions,
    programs,
    startWorker,
    clientWith: (keys) => {
      const others = new Client({
        connection: env.connection,
        namespace,
        dataConverter: encryptionWith(keys),
      });
      return new RedemptionClient({ temporal: others, programs });
    },
    request: ({ program, memberId }, overrides) => ({
      program,
      redemptionId: `R-${randomUUID().slice(0, 8)}`,
      member: memberId,
      points: 200,
      basket: { amount: '200.00', currency: currencyOf(programs, program) },
      store: 'S1',
      till: 'T1',
      ...overrides,
    }),
    handle: ({ program, redemptionId }) =>
      temporal.workflow.getHandle(workflowIdOf('redemption', { program, redemptionId })),
    async until({ program, redemptionId }, status) {
      const limit = Date.now() + LIMIT_MS;
      for (;;) {
        const view = await redemptions.status({ program, redemptionId }).catch(() => undefined);
        if (view?.status === status) return view;
        if (Date.now() > limit)
          throw new Error(`${redemptionId} is ${view?.status ?? 'unknown'}, not ${status}`);
        await delay(20);
      }
    },
    ended: ({ program, redemptionId }) => redemptions.wait({ program, redemptionId }, LIMIT_MS),
    async close() {
      await closeServer();
      await sandbox.close();
    },
  };
}

const freeForAll: MemberLocks = {
  take: (_, milliseconds) =>
    Promise.resolve({ leftMs: milliseconds, release: () => Promise.resolve() }),
};

/** Beside each program: `-plain` without services of its own, `-limited` with limits and several payment attempts, `-watched` with short look-ups and a short watch. */
function withVariants(programs: Programs): Programs {
  const none = { kind: 'none' } as const;
  const limits = { minPoints: 100, stepPoints: 50, maxPercentOfBasket: 50 };
  const variants = [...programs.values()].flatMap((program): Program[] => [
    program,
    { ...program, id: `${program.id}-plain`, payment: none, fulfilment: none },
    { ...program, id: `${program.id}-limited`, limits, paymentAttempts: 'many' },
    {
      ...program,
      id: `${program.id}-watched`,
      settlingTime: 1_000,
      lateWatch: [1_000, 2_000, 4_000],
    },
  ]);
  return new Map(variants.map((program) => [program.id, program]));
}

function currencyOf(programs: Programs, program: ProgramId): string {
  const found = programs.get(program);
  if (found === undefined) throw new Error(`no program ${program}`);
  return found.currency;
}
