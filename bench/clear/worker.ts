/**
 * Process: the worker of `src/worker.ts`, but that it encrypts nothing, in the namespace {@link CLEAR_NAMESPACE}: for what
 * encryption costs. The product has no such worker.
 */
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/index.ts';
import { redemptionsWith } from '../../src/client/reference-owners.ts';
import { TASK_QUEUE } from '../../src/domain/temporal-names.ts';
import { sandboxKeyRing } from '../../src/encryption/key-ring.ts';
import { runProcess } from '../../src/process/run.ts';
import { readProgramSettings } from '../../src/process/settings.ts';
import { createSearchAttributes } from '../../src/temporal/namespace.ts';
import { connectPrograms } from '../../src/worker/connect-programs.ts';
import { createMemberLocks } from '../../src/worker/member-locks.ts';
import { startNotification } from '../../src/worker/start-notification.ts';
import { systemClock } from '../../src/worker/system-clock.ts';
import { workflowBundle } from '../../src/worker/workflow-bundle.ts';
import { CLEAR_NAMESPACE as namespace } from './codec.ts';

await runProcess(async () => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  const setUp = await Connection.connect({ address });
  await createSearchAttributes(setUp, namespace);
  await setUp.close();

  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const programs = readProgramSettings();
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await workflowBundle(),
    activities: createActivities({
      programs: connectPrograms(programs, sandboxKeyRing),
      clock: systemClock,
      memberLocks: createMemberLocks(client),
      redemptionsWith: (order, reference) => redemptionsWith(client, programs, order, reference),
      passOn: (news) => startNotification(client, news),
    }),
    maxCachedWorkflows: 1_000,
    shutdownGraceTime: '15s',
  });
  process.stdout.write('the clear worker is polling\n');
  await worker.run();
});
