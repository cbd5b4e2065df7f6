import { RedemptionClient } from '../client/redemption-client.ts';
import { encryptionWith } from '../encryption/data-converter.ts';
import { readEncryptionSettings, readProgramSettings } from '../process/settings.ts';
import type { Programs } from '../programs/programs.ts';
import { connectToTemporal, readTemporalSettings } from '../temporal/connection.ts';

/** Uses a client that is connected for that long, as the environment says. */
export async function connected<T>(
  use: (redemptions: RedemptionClient, programs: Programs) => Promise<T>,
): Promise<T> {
  const programs = readProgramSettings();
  const { client, connection } = await connectToTemporal(
    readTemporalSettings(),
    encryptionWith(readEncryptionSettings(programs)),
  );
  try {
    return await use(new RedemptionClient({ temporal: client, programs }), programs);
  } finally {
    await connection.close();
  }
}
