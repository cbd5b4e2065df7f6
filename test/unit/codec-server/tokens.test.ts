/** Tokens of persons, and their file while the codec server runs. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followTokens, readTokens, writeTokens } from '../../../src/codec-server/token-file.ts';
import { newToken } from '../../../src/codec-server/tokens.ts';
import { asUi, bearer, startCodecServer } from '../../support/codec-server.ts';
import { CaughtLog } from '../../support/log.ts';

const [olivia, omar] = [newToken('olivia'), newToken('omar')];
const caught = new CaughtLog();

let folder: string;
let file: string;
let tokens: ReturnType<typeof followTokens>;
let codecServer: Awaited<ReturnType<typeof startCodecServer>>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'codec-tokens-'));
  file = join(folder, 'tokens.json');
  writeTokens(file, [olivia.token, omar.token]);
  tokens = followTokens(file, pino({ level: 'trace' }, caught));
  codecServer = await startCodecServer({ tokens });
});
afterEach(async () => {
  await codecServer.close();
  tokens.stop();
  rmSync(folder, { recursive: true });
});

const eventually = async (status: number, ask: () => Promise<{ status: number }>) => {
  const options = { timeout: 10_000, interval: 300 };
  await expect.poll(async () => (await ask()).status, options).toBe(status);
};

describe('tokens of persons', () => {
  it('let each person read, and the log tells them apart', async () => {
    const { session } = await codecServer.signIn(olivia.secret);
    codecServer.caught.take();
    await codecServer.decode(asUi(session));
    await codecServer.decode(bearer(omar.secret));
    expect(codecServer.lines()).toMatchObject([{ reader: 'olivia' }, { reader: 'omar' }]);
  });

  it('end with their sessions when they are removed, without a restart', async () => {
    const { session } = await codecServer.signIn(olivia.secret);
    writeTokens(file, [omar.token]);
    await eventually(401, () => codecServer.decode(asUi(session)));
    expect((await codecServer.decode(bearer(olivia.secret))).status).toBe(401);
    expect((await codecServer.decode(bearer(omar.secret))).status).toBe(200);
  });

  it('end with their sessions when they are replaced', async () => {
    const { session } = await codecServer.signIn(olivia.secret);
    const replaced = newToken('olivia');
    writeTokens(file, [replaced.token]);
    await eventually(401, () => codecServer.decode(asUi(session)));
    expect((await codecServer.decode(bearer(replaced.secret))).status).toBe(200);
  });

  it('stay as they were while the file is not valid, and end when it is deleted', async () => {
    writeFileSync(file, '{"tokens": "canary"}');
    await expect.poll(() => caught.take(), { timeout: 10_000 }).toContain('stay in use');
    const { session } = await codecServer.signIn(olivia.secret);
    expect((await codecServer.decode(asUi(session))).status).toBe(200);
    rmSync(file);
    await eventually(401, () => codecServer.decode(asUi(session)));
  });

  it('are stored as hashes alone, in a file of its owner', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(olivia.secret.slice(4));
    expect(readTokens(file)).toEqual([olivia.token, omar.token]);
    expect(olivia.secret).toMatch(/^crt_[\w-]{43}$/);
  });
});
