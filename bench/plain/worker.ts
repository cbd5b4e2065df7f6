/** Process: the worker of the plain saga and of the empty workflow. `PLAIN_BUNDLE` is the path of their bundle. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { sandboxKeyRing } from '../../src/encryption/key-ring.ts';
import { runProcess } from '../../src/process/run.ts';
import { readProgramSettings } from '../../src/process/settings.ts';
import { connectPrograms } from '../../src/worker/connect-programs.ts';
import { plainActivities } from './activities.ts';
import { PLAIN_QUEUE } from './queue.ts';

await runProcess(async () => {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' }),
    taskQueue: PLAIN_QUEUE,
    workflowBundle: { codePath: process.env['PLAIN_BUNDLE'] ?? '' },
    activities: plainActivities(connectPrograms(readProgramSettings(), sandboxKeyRing)),
    // As ours.
    maxCachedWorkflows: 1_000,
  });
  process.stdout.write('the plain worker is polling\n');
  await worker.run();
});
