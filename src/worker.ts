/** The Temporal worker: `npm run worker`. On SIGTERM it finishes what it has begun. */
import { Client } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type LogEntry,
} from '@temporalio/worker';
import { pino, type Logger } from 'pino';
import { createActivities } from './activities/index.ts';
import { redemptionsWith } from './client/reference-owners.ts';
import { TASK_QUEUE } from './domain/temporal-names.ts';
import { encryptionWith, workerEncryption } from './encryption/data-converter.ts';
import { keepKeyCheck } from './encryption/key-check.ts';
import type { KeyRing } from './encryption/key-ring.ts';
import { runProcess } from './process/run.ts';
import { readEncryptionSettings, readLogLevel, readProgramSettings } from './process/settings.ts';
import { formatDuration } from './schemas/duration.ts';
import {
  connectToTemporal,
  readTemporalSettings,
  type TemporalSettings,
} from './temporal/connection.ts';
import { prepareSearchAttributes } from './temporal/namespace.ts';
import { RETENTION_MS, isTooShort, retentionOf } from './temporal/retention.ts';
import { connectPrograms } from './worker/connect-programs.ts';
import { createMemberLocks } from './worker/member-locks.ts';
import { startNotification } from './worker/start-notification.ts';
import { systemClock } from './worker/system-clock.ts';
import { workflowBundle } from './worker/workflow-bundle.ts';

/** Servers learn of new search attributes within seconds. */
const SEARCH_LIMIT_MS = 30_000;

await runProcess(async () => {
  const log = pino({
    name: 'worker',
    level: readLogLevel(),
    serializers: { error: pino.stdSerializers.err },
  });
  const programs = readProgramSettings();
  const keyRing = readEncryptionSettings(programs);
  const dataConverter = encryptionWith(keyRing);
  const temporal = readTemporalSettings();
  Runtime.install({ logger: new DefaultLogger('INFO', (entry) => forward(log, entry)) });
  await prepareNamespace(temporal, keyRing, log);

  const connection = await NativeConnection.connect({
    ...temporal.connection,
    // Both sides would try to compress payloads, which is useless because they are encrypted.
    grpcCompression: { codec: 'none' },
  });
  const client = new Client({ connection, namespace: temporal.namespace, dataConverter });
  const worker = await Worker.create({
    connection,
    namespace: temporal.namespace,
    taskQueue: TASK_QUEUE,
    dataConverter: workerEncryption(keyRing),
    workflowBundle: await workflowBundle(),
    activities: createActivities({
      programs: connectPrograms(programs, keyRing),
      clock: systemClock,
      memberLocks: createMemberLocks(client),
      redemptionsWith: (order, reference) => redemptionsWith(client, programs, order, reference),
      passOn: (notification) => startNotification(client, notification),
    }),
    maxCachedWorkflows: 1_000,
    // The grace time is longer than a provider may take to answer, so that no deduction is cut off.
    shutdownGraceTime: '15s',
  });
  const encryptsWith = keyRing.first.id;
  log.info(
    { programs: [...programs.keys()], address: temporal.address, encryptsWith },
    'worker is polling',
  );
  await worker.run();
});

async function prepareNamespace(
  temporal: TemporalSettings,
  keyRing: KeyRing,
  log: Logger,
): Promise<void> {
  const { client, connection } = await connectToTemporal(temporal, encryptionWith(keyRing));
  try {
    await keepKeyCheck(client, keyRing);
    // A sale that cannot be searched for is not taken up: the server would refuse its tasks once points were taken.
    await prepareSearchAttributes(connection, temporal.namespace, SEARCH_LIMIT_MS);
    const retentionMs = await retentionOf(client);
    if (isTooShort(retentionMs))
      log.warn(
        `Closed redemptions are kept for ${formatDuration(retentionMs)} only, and a repetition after that is not recognised: run "npm run starter -- setup" to keep them for ${formatDuration(RETENTION_MS)}.`,
      );
  } finally {
    await connection.close();
  }
}

/** Writes the SDK's log lines into our log, without the whole task, which the SDK adds if it cannot read one. */
function forward(log: Logger, { level, message, meta }: LogEntry): void {
  const name = level.toLowerCase() as 'trace' | 'debug' | 'info' | 'warn' | 'error';
  const { task: _task, taskEncoded: _taskEncoded, ...about } = meta ?? {};
  log[name](about, message);
}
