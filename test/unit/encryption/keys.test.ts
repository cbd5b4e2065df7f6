import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EncryptionCodec } from '../../../src/encryption/codec.ts';
import {
  addKey,
  createKeysFile,
  readKeyRing,
  removeKey,
  sandboxKeyRing,
  useKey,
} from '../../../src/encryption/key-ring.ts';
import {
  memberHash,
  memberHashKeyOf,
  memberLockName,
} from '../../../src/encryption/member-hash.ts';
import { readEncryptionSettings } from '../../../src/process/settings.ts';
import { sandboxPrograms, type Program, type Programs } from '../../../src/programs/programs.ts';
import { SettingsError } from '../../../src/schemas/settings-error.ts';

let folder: string;
let file: string;
let files = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'points-redemption-'));
});
beforeEach(() => {
  file = join(folder, `keys-${(files += 1)}.json`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const keyIds = () => [...readKeyRing(file).byId.keys()];

describe('the file of keys', () => {
  it('is made once, for its owner alone, and never overwritten', () => {
    const id = createKeysFile(file);
    const content = readFileSync(file, 'utf8');
    expect(keyIds()).toEqual([id]);
    expect(readKeyRing(file).memberHashKey).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(() => createKeysFile(file)).toThrow(/is there already, and its keys would be lost/);
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(readdirSync(folder).filter((name) => /json\./.test(name))).toEqual([]);
  });

  it('gets a key that reads, then uses it, then loses the old one; the member hash key stays', async () => {
    const old = createKeysFile(file);
    const { memberHashKey } = readKeyRing(file);
    const next = addKey(file);
    expect(keyIds()).toEqual([old, next]);
    useKey(file, next);
    expect(keyIds()).toEqual([next, old]);
    const [payload] = await new EncryptionCodec(readKeyRing(file)).encode([
      { data: Buffer.from('x') },
    ]);
    expect(Buffer.from(payload?.metadata?.['encryption-key-id'] ?? []).toString()).toBe(next);
    expect(() => removeKey(file, next)).toThrow(/is the key that encrypts/);
    removeKey(file, old);
    expect(keyIds()).toEqual([next]);
    expect(readKeyRing(file).memberHashKey).toEqual(memberHashKey);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const act of [useKey, removeKey]) expect(() => act(file, old)).toThrow(/has no key/);
  });

  const key = Buffer.alloc(32, 7).toString('base64');
  it.each([
    ['is not JSON', `{"keys": "${key}`],
    ['keys is missing', JSON.stringify({ memberHashKey: key })],
    ['keys must hold at least one key', JSON.stringify({ keys: [], memberHashKey: key })],
    ['memberHashKey is missing', JSON.stringify({ keys: [{ id: 'a', key }] })],
    [
      'keys[0].key must be 32 bytes in base64',
      JSON.stringify({ keys: [{ id: 'a', key: 'c2hvcnQ=' }], memberHashKey: key }),
    ],
    [
      'keys[0].key must be base64',
      JSON.stringify({ keys: [{ id: 'a', key: '%%' }], memberHashKey: key }),
    ],
    [
      'keys[0].id must be 1 to 64',
      JSON.stringify({ keys: [{ id: 'a b', key }], memberHashKey: key }),
    ],
    [
      'keys has two keys with one id',
      JSON.stringify({
        keys: [
          { id: 'a', key },
          { id: 'a', key },
        ],
        memberHashKey: key,
      }),
    ],
    [
      'secret is not a known field',
      JSON.stringify({ keys: [{ id: 'a', key }], memberHashKey: key, secret: key }),
    ],
  ])('is refused in a sentence without its content: %s', (words, content) => {
    writeFileSync(file, content);
    const refusal = refusalOf(() => readKeyRing(file));
    expect(refusal.message).toContain(`REDEMPTION_ENCRYPTION_KEYS (${file})`);
    expect(refusal.message).toContain(words);
    expect(refusal.message).toMatch(/\.$/);
    expect(`${refusal.stack} ${String(refusal.cause)}`).not.toContain(key.slice(0, 12));
  });

  it('is refused where it cannot be read or written', () => {
    expect(refusalOf(() => readKeyRing(join(folder, 'none.json'))).message).toContain(
      'cannot be read',
    );
    expect(refusalOf(() => createKeysFile(join(folder, 'no', 'folder.json'))).message).toContain(
      'cannot be written (ENOENT)',
    );
  });
});

function refusalOf(act: () => unknown): SettingsError {
  try {
    act();
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const sandbox = sandboxPrograms('http://127.0.0.1:1');
const coffeeClub = programOf(sandbox, 'coffee-club');
const real = { ...coffeeClub, id: 'real', apiKey: 'a-real-one' } as Program;

function programOf(programs: Programs, id: string): Program {
  const program = programs.get(id);
  if (program === undefined) throw new Error(`no program ${id}`);
  return program;
}

describe('a process', () => {
  it('needs no file for the programs of the sandbox: their keys are public', () => {
    expect(readEncryptionSettings(sandbox, {})).toBe(sandboxKeyRing);
  });

  it('encrypts the programs of the sandbox, too, where it has keys', () => {
    const id = createKeysFile(file);
    const keyRing = readEncryptionSettings(sandbox, { REDEMPTION_ENCRYPTION_KEYS: file });
    expect(keyRing.first.id).toBe(id);
  });

  it.each([undefined, '', ' '])('refuses one real program without keys (%j)', (value) => {
    const programs = new Map([...sandbox, ['real', real]]);
    expect(() => readEncryptionSettings(programs, { REDEMPTION_ENCRYPTION_KEYS: value })).toThrow(
      /^REDEMPTION_ENCRYPTION_KEYS is not set, but the program real is not of the sandbox: .+\.$/,
    );
  });
});

describe('what stands for a member', () => {
  it('is the same in the whole fleet and after a rotation, and does not tell the member', () => {
    createKeysFile(file);
    const before = memberHashKeyOf(real, readKeyRing(file));
    useKey(file, addKey(file));
    const after = memberHashKeyOf(real, readKeyRing(file));
    expect(memberHash(after, 'real', 'member-1')).toBe(memberHash(before, 'real', 'member-1'));
    expect(memberLockName(after, real, 'member-1')).toBe(memberLockName(before, real, 'member-1'));
    expect(memberHash(before, 'real', 'member-1')).toMatch(/^[0-9a-f]{32}$/);
    expect(memberHash(before, 'real', 'member-2')).not.toBe(memberHash(before, 'real', 'member-1'));
    expect(memberHash(before, 'other', 'member-1')).not.toBe(
      memberHash(before, 'real', 'member-1'),
    );
  });

  it('is one turn for all programs over one wallet, whatever their API key', () => {
    createKeysFile(file);
    const keyRing = readKeyRing(file);
    const twin = { ...real, id: 'twin', apiKey: 'another one' } as Program;
    expect(memberLockName(memberHashKeyOf(twin, keyRing), twin, 'member-1')).toBe(
      memberLockName(memberHashKeyOf(real, keyRing), real, 'member-1'),
    );
  });

  it('has a fixed key in the sandbox, and that of the file elsewhere', () => {
    createKeysFile(file);
    const keyRing = readKeyRing(file);
    expect(memberHashKeyOf(coffeeClub, keyRing)).toEqual(sandboxKeyRing.memberHashKey);
    expect(memberHashKeyOf(real, keyRing)).toEqual(keyRing.memberHashKey);
    expect(keyRing.memberHashKey).not.toEqual(sandboxKeyRing.memberHashKey);
  });
});
