/** Encryption as it is run: processes with the right keys, other keys and none, and the codec server beside them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Child } from '../../../src/local/child.ts';
import { anyFreePort } from '../../../src/local/ports.ts';
import { withBase64Decoded } from '../../support/base64.ts';
import { newId, redeemWords } from '../../support/sales.ts';
import { serverPath } from '../../support/servers.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const run = promisify(execFile);
const TOKEN = 'the-token-of-the-codec-server-in-this-test';

let stack: Stack;
let worker: Child;
let folder: string;
let keysFile: string;
let keys: Record<string, string>;

beforeAll(async () => {
  stack = await startStack();
  folder = await mkdtemp(join(tmpdir(), 'points-redemption-'));
  keysFile = join(folder, 'keys.json');
  keys = { REDEMPTION_ENCRYPTION_KEYS: keysFile };
  await stack.json(['encryption-keys', 'create', '--file', keysFile]);
  worker = await stack.startWorker(keys);
});
afterAll(async () => {
  await worker.stop();
  await stack.stop();
  await rm(folder, { recursive: true });
});

async function otherFile(change: (content: { memberHashKey: string }) => object): Promise<string> {
  const other = join(folder, `${newId()}.json`);
  const content = JSON.parse(await readFile(keysFile, 'utf8')) as { memberHashKey: string };
  await writeFile(other, JSON.stringify(change(content)));
  return other;
}

const temporal = async (words: string) =>
  (
    await run(serverPath('TEMPORAL_CLI_PATH'), [
      ...words.split(' '),
      '--address',
      stack.server.address,
    ])
  ).stdout;

describe('a process with keys', () => {
  it('serves a sale', async () => {
    const id = newId();
    const sold = await stack.json(redeemWords({ id }), keys);
    expect(sold).toMatchObject({ code: 0, answer: { granted: true } });
    await stack.json(['capture', '--program', 'coffee-club', '--id', id], keys);
    const ended = await stack.json(['wait', '--program', 'coffee-club', '--id', id], keys);
    expect(ended.answer).toMatchObject({ status: 'completed' });
  });

  it('prints no key, whatever is done to its file', async () => {
    const file = join(folder, 'printed.json');
    const printed: string[] = [];
    const verb = async (name: string, ...more: string[]) => {
      const ran = await stack.run(['encryption-keys', name, '--file', file, ...more]);
      expect(ran.code).toBe(0);
      printed.push(ran.stdout + ran.stderr);
    };
    await verb('create');
    await verb('add');
    await verb('rotate');
    const { keys: keyRing, memberHashKey } = JSON.parse(await readFile(file, 'utf8')) as {
      keys: { id: string; key: string }[];
      memberHashKey: string;
    };
    await verb('use', '--key', keyRing[2]?.id ?? '');
    await verb('remove', '--key', keyRing[0]?.id ?? '');
    expect(keyRing).toHaveLength(3);
    for (const secret of [memberHashKey, ...keyRing.map(({ key }) => key)])
      expect(printed.join()).not.toContain(secret.slice(0, 12));
  });

  it.each([
    ['create', [], /is there already/],
    ['use', ['--key', 'none'], /has no key none/],
    ['remove', ['--key', 'none'], /has no key none/],
  ])(
    'refuses encryption-keys %s in a sentence where it does not fit',
    async (verb, more, words) => {
      const refused = await stack.json(['encryption-keys', verb, '--file', keysFile, ...more]);
      expect(refused).toMatchObject({ code: 1, answer: { error: 'invalid-settings' } });
      expect(refused.answer['message']).toMatch(words);
    },
  );
});

describe('a process without the keys of the namespace', () => {
  it('does not start as a worker: other keys, none, another member hash key', async () => {
    const other = join(folder, 'other.json');
    await stack.json(['encryption-keys', 'create', '--file', other]);
    const unlike = await otherFile((content) => ({
      ...content,
      memberHashKey: Buffer.alloc(32).toString('base64'),
    }));
    for (const [file, words] of [
      [other, /does not fit the namespace default: A payload is encrypted with the key "/],
      ['', /does not fit the namespace default: A payload is encrypted with the key "/],
      [unlike, /memberHashKey .+ must be the same everywhere/],
      [join(folder, 'none.json'), /cannot be read/],
    ] as const)
      await expect(stack.startWorker({ REDEMPTION_ENCRYPTION_KEYS: file })).rejects.toThrow(words);
  });

  it('starts no sale and sends nothing to one that runs', async () => {
    const other = join(folder, 'other.json');
    const running = newId();
    await stack.json(redeemWords({ id: running }), keys);
    const verbs = [
      redeemWords(),
      ['capture', '--program', 'coffee-club', '--id', running],
      ['void', '--program', 'coffee-club', '--id', running],
      ['retry', '--query', '', '--by', 'olivia', '--why', 'a test', '--yes'],
    ];
    for (const verb of verbs)
      for (const REDEMPTION_ENCRYPTION_KEYS of [other, ''])
        expect(await stack.json(verb, { REDEMPTION_ENCRYPTION_KEYS })).toMatchObject({
          code: 1,
          stderr: '',
          answer: { error: 'invalid-settings' },
        });
    const listed = await stack.json(['status', '--program', 'coffee-club', '--id', running], keys);
    expect(listed.answer).toMatchObject({ status: 'awaiting-payment' });
  });
});

describe('the key ring, rotated step by step while sales run', () => {
  it('keeps every process reading what the others write', async () => {
    const id = newId();
    await stack.json(redeemWords({ id }), keys);
    const { answer } = await stack.json(['encryption-keys', 'add', '--file', keysFile]);
    const before = await otherFile((content) => content);
    await worker.stop();
    worker = await stack.startWorker(keys);
    await stack.json([
      'encryption-keys',
      'use',
      '--file',
      keysFile,
      '--key',
      String(answer['key']),
    ]);
    await worker.stop();
    worker = await stack.startWorker(keys);
    // A till that has not been restarted since the new key came only reads it.
    for (const REDEMPTION_ENCRYPTION_KEYS of [before, keysFile]) {
      const sold = await stack.json(redeemWords(), { REDEMPTION_ENCRYPTION_KEYS });
      expect(sold.answer).toMatchObject({ granted: true });
    }
    await stack.json(['capture', '--program', 'coffee-club', '--id', id], keys);
    const ended = await stack.json(['wait', '--program', 'coffee-club', '--id', id], keys);
    expect(ended.answer).toMatchObject({ status: 'completed' });
  });
});

describe('the codec server', () => {
  it('decodes for the Temporal command line, to whom without it the member is hidden', async () => {
    const id = newId();
    await stack.json(redeemWords({ id }), keys);
    const show = `workflow show --output json --workflow-id redemption:coffee-club:${id}`;
    const tokensFile = join(folder, 'tokens.json');
    const verb = (name: string, ...more: string[]) =>
      stack.json(['codec-tokens', name, '--file', tokensFile, ...more]);
    const { answer } = await verb('create', '--id', 'olivia');
    await verb('create', '--id', 'omar');
    const port = String(await anyFreePort());
    const settings = { ...keys, CODEC_SERVER_PORT: port, CODEC_SERVER_TOKENS: tokensFile };
    const codecServer = await stack.startCodecServer(settings);
    const endpoint = `--codec-endpoint http://127.0.0.1:${port}`;
    // `temporal` takes the header's value as one word, so it is given apart.
    const decoded = () =>
      run(serverPath('TEMPORAL_CLI_PATH'), [
        ...`${show} ${endpoint} --address ${stack.server.address} --codec-auth`.split(' '),
        `Bearer ${String(answer['token'])}`,
      ]);
    expect(withBase64Decoded((await decoded()).stdout)).toContain('member-1');
    expect(withBase64Decoded(await temporal(show))).not.toContain('member-1');

    expect((await verb('list')).answer).toMatchObject({
      tokens: [{ id: 'olivia', created: expect.any(String) as string }, { id: 'omar' }],
    });
    expect(await verb('remove', '--id', 'olivia')).toMatchObject({ code: 0 });
    expect(await verb('remove', '--id', 'olivia')).toMatchObject({
      code: 1,
      answer: { error: 'invalid-request', field: 'id' },
    });
    await expect
      .poll(
        () =>
          decoded().then(
            ({ stdout }) => withBase64Decoded(stdout),
            () => 'refused',
          ),
        {
          timeout: 20_000,
        },
      )
      .not.toContain('member-1');
    await codecServer.stop();
  });

  it.each([
    [{ REDEMPTION_PROGRAMS: 'programs.json' }, /REDEMPTION_ENCRYPTION_KEYS is not set/],
    [{ keys: true }, /CODEC_SERVER_TOKENS is not set/],
    [{ keys: true, CODEC_SERVER_TOKENS: 'none.json' }, /CODEC_SERVER_TOKENS .+ cannot be read/],
    [
      { keys: true, CODEC_SERVER_TOKEN: TOKEN, CODEC_SERVER_TRUSTED_PROXIES: 'true' },
      /CODEC_SERVER_TRUSTED_PROXIES has true/,
    ],
    [{ keys: true, CODEC_SERVER_TOKEN: 'short' }, /CODEC_SERVER_TOKEN is too short/],
    [{ keys: true, CODEC_SERVER_TOKEN: TOKEN, CODEC_SERVER_PORT: 'x' }, /CODEC_SERVER_PORT is x/],
    [
      { keys: true, CODEC_SERVER_TOKEN: TOKEN, TEMPORAL_UI_ORIGIN: 'ui/' },
      /TEMPORAL_UI_ORIGIN is ui\//,
    ],
  ])(
    'does not start with %j',
    async ({ keys: hasKeys, ...settings }: { keys?: boolean } & Record<string, unknown>, words) => {
      const environment = { ...(hasKeys && keys), ...settings } as Record<string, string>;
      await expect(stack.startCodecServer(environment)).rejects.toThrow(words);
    },
  );
});
