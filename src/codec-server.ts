/** The codec server: `npm run codec-server`. TLS is the task of a reverse proxy in front of it. */
import { pino } from 'pino';
import { createCodecServer } from './codec-server/server.ts';
import { explainListening } from './process/listening.ts';
import { runProcess } from './process/run.ts';
import { readCodecServerSettings, readLogLevel } from './process/settings.ts';

await runProcess(async () => {
  const log = pino({ name: 'codec-server', level: readLogLevel() });
  const { host, port, ...settings } = readCodecServerSettings();
  const server = createCodecServer({ ...settings, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void server.close());
  const address = await server.listen({ host, port }).catch((error: unknown) => {
    throw explainListening(error, 'CODEC_SERVER', { host, port });
  });
  const { first, byId } = settings.keyRing;
  log.info(
    { address, uiOrigin: settings.uiOrigin, encryptsWith: first.id, keys: [...byId.keys()] },
    'codec server listens',
  );
});
