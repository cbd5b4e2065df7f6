/** The HTTP gateway: `npm run gateway`. On SIGTERM it takes no new connections, and ends once every request is answered. */
import type { Connection } from '@temporalio/client';
import { once } from 'node:events';
import { pino } from 'pino';
import { RedemptionClient } from './client/redemption-client.ts';
import { encryptionWith } from './encryption/data-converter.ts';
import { followAccessKeys } from './gateway/access-key-file.ts';
import { drainOf } from './gateway/drain.ts';
import { buildGateway } from './gateway/server.ts';
import { explainListening } from './process/listening.ts';
import { runProcess } from './process/run.ts';
import {
  readEncryptionSettings,
  readGatewaySettings,
  readLogLevel,
  readProgramSettings,
} from './process/settings.ts';
import { connectToTemporal, readTemporalSettings } from './temporal/connection.ts';

const READY_LIMIT_MS = 2_000;

await runProcess(async () => {
  const log = pino({ name: 'gateway', level: readLogLevel() });
  const programs = readProgramSettings();
  const settings = readGatewaySettings(programs);
  const accessKeys = followAccessKeys(settings.accessKeys, programs, log);
  const { client, connection } = await connectToTemporal(
    readTemporalSettings(),
    encryptionWith(readEncryptionSettings(programs)),
  );
  const app = await buildGateway({
    redemptions: new RedemptionClient({ temporal: client, programs }),
    programs,
    accessKeys,
    paymentSources: settings.paymentSources,
    trustedProxies: settings.trustedProxies,
    isReady: () => isReachable(connection),
    log,
  });
  const drain = drainOf(app);
  const asked = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  const { host, port } = settings;
  const address = await app.listen({ host, port }).catch((error: unknown) => {
    throw explainListening(error, 'GATEWAY', settings);
  });
  process.stdout.write(`The gateway listens on ${address}\n`);
  await asked;
  log.info('gateway is stopping: it answers what it has taken');
  await drain();
  accessKeys.stop();
});
// Exit explicitly, because abandoned calls and the poll of the key file would keep the process alive. The connection is not
// closed first, because the SDK throws from a timer if that happens before a retry.
process.exit();

async function isReachable(connection: Connection): Promise<boolean> {
  try {
    const until = Date.now() + READY_LIMIT_MS;
    await connection.withDeadline(until, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
