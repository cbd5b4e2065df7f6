/** Process: the codec server, `npm run codec-server`. TLS is for the reverse proxy before it. */
import { pino } from 'pino';
import { createCodecServer } from './codec/server.ts';
import { readCodecServerSettings, readLogLevel } from './config.ts';
import { runProcess } from './process.ts';
import { SettingsError } from './settings-error.ts';

await runProcess(async () => {
  const log = pino({ name: 'codec-server', level: readLogLevel() });
  const { host, port, ...settings } = readCodecServerSettings();
  const server = createCodecServer({ ...settings, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void server.close());
  const address = await server.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError(
      `CODEC_SERVER_HOST and CODEC_SERVER_PORT are ${host} and ${port}, where this process cannot listen (${error.code ?? error.name}): choose others.`,
      { cause: error },
    );
  });
  const { first, byId } = settings.ring;
  log.info(
    { address, uiOrigin: settings.uiOrigin, encryptsWith: first.id, keys: [...byId.keys()] },
    'codec server listens',
  );
});
