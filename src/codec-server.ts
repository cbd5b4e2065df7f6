/** The codec server: `npm run codec-server`. TLS is the task of a reverse proxy in front of it. */
import { pino } from 'pino';
import { createCodecServer } from './codec-server/server.ts';
import { followTokens } from './codec-server/token-file.ts';
import { sharedToken } from './codec-server/tokens.ts';
import { explainListening } from './process/listening.ts';
import { runProcess } from './process/run.ts';
import { readCodecServerSettings, readLogLevel } from './process/settings.ts';

await runProcess(async () => {
  const log = pino({ name: 'codec-server', level: readLogLevel() });
  const { host, port, access, ...settings } = readCodecServerSettings();
  const file =
    access !== undefined && 'file' in access ? followTokens(access.file, log) : undefined;
  const shared =
    access !== undefined && 'sharedToken' in access ? sharedToken(access.sharedToken) : undefined;
  const server = await createCodecServer({ ...settings, tokens: file ?? shared, log });
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
  if (shared !== undefined)
    log.warn(
      'CODEC_SERVER_TOKEN is shared: this log cannot say who read. Use CODEC_SERVER_TOKENS.',
    );
});
