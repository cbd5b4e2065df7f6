/**
 * A house in one process, on the server that skips time: payment deadlines of minutes and watches of days pass in moments.
 * Members' turns are kept in memory, for this server stands still beside a lease's run, which nobody serves.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { performance } from 'node:perf_hooks';
import { createActivities } from '../../src/activities/index.ts';
import type { Leases } from '../../src/activities/dependencies.ts';
import { RedemptionClient, sandboxPrograms, type Programs } from '../../src/client.ts';
import { systemClock } from '../../src/clock.ts';
import { redemptionsWith } from '../../src/list.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { connectPrograms } from '../../src/services.ts';
import { createSearchAttributes } from '../../src/set-up-namespace.ts';
import { TASK_QUEUE } from '../../src/start-redemption.ts';
import { workflowBundle } from '../../src/workflow-bundle.ts';
import { serverPath } from '../support/servers.ts';
import { followDate, type FollowingDate } from './following-date.ts';
import type { House } from './house.ts';
import { Sandbox } from './sandbox.ts';
import { startTrouble } from './trouble.ts';

const PAUSE = { shortest: 200, longest: 1_000 } as const;
const HOP_S = { shortest: 1, longest: 10 * 60 } as const;

export async function openSkippingHouse(): Promise<House> {
  const opened: (() => unknown)[] = [];
  const stop = async () => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    // What goes wrong on purpose is warned of at length.
    Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: QUIET_CORE });
    const date = followDate();
    opened.push(() => date.restore());
    const env = await TestWorkflowEnvironment.createTimeSkipping({
      server: {
        executable: { type: 'existing-path', path: serverPath('TEMPORAL_TEST_SERVER_PATH') },
      },
    });
    opened.push(() => env.teardown());
    await createSearchAttributes(env.connection, 'default');

    const sandbox = await startSandbox();
    opened.push(() => sandbox.close());
    const programs = sandboxPrograms(sandbox.origin);
    const worker = await startWorker(env, programs, date);
    opened.push(worker.stop);

    return {
      temporal: env.client,
      clients: [
        new RedemptionClient({ temporal: env.client, programs }),
        new RedemptionClient({ temporal: env.client, programs }),
      ],
      sandbox: new Sandbox(sandbox.origin),
      ended: worker.ended,
      startTrouble: (random) =>
        startTrouble(PAUSE, random, () =>
          env.sleep(1_000 * random.integer(HOP_S.shortest, HOP_S.longest)),
        ),
      pass: () => env.sleep('1d'),
      stop,
      removeLogs: () => undefined,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const QUIET_CORE = {
  logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
};

async function startWorker(
  env: TestWorkflowEnvironment,
  programs: Programs,
  date: FollowingDate,
): Promise<{ readonly ended: Promise<never>; stop(): Promise<void> }> {
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities: createActivities({
      programs: connectPrograms(programs),
      clock: systemClock,
      leases: leasesInMemory(),
      redemptionsWith: (program, reference) => redemptionsWith(env.client, program, reference),
    }),
    interceptors: {
      activity: [
        () => ({
          inbound: {
            // Time does not skip while an activity runs: what it begins by, it ends by.
            async execute(input, next) {
              date.moveTo(await env.currentTimeMs());
              return next(input);
            },
          },
        }),
      ],
    },
  });
  const running = worker.run();
  return {
    ended: running.then(() => new Promise<never>(() => undefined)),
    async stop() {
      worker.shutdown();
      await running;
    },
  };
}

/** Good for one worker alone. */
function leasesInMemory(): Leases {
  const taken = new Map<string, number>();
  return {
    async take(name, milliseconds) {
      if ((taken.get(name) ?? 0) > performance.now()) return undefined;
      const until = performance.now() + milliseconds;
      taken.set(name, until);
      return {
        get leftMs() {
          return until - performance.now();
        },
        async release() {
          if (taken.get(name) === until) taken.delete(name);
        },
      };
    },
  };
}
