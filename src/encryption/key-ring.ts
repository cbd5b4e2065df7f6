/**
 * The file of keys that `REDEMPTION_ENCRYPTION_KEYS` names. The first key encrypts, and every key decrypts. The member hash
 * key is the same in the whole fleet, and is not rotated.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createSecretFile, writeSecretFile } from '../files/secret-file.ts';
import { readSettingsFile } from '../files/settings-file.ts';
import { sandboxEncryptionKey, sandboxMemberHashKey } from '../programs/sandbox.ts';
import { idSchema } from '../schemas/redemption.ts';
import { SettingsError } from '../schemas/settings-error.ts';

const KEY_BYTES = 32;

const secret = z
  .base64('must be base64')
  .refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES, 'must be 32 bytes in base64');

const fileSchema = z.strictObject({
  keys: z
    .array(z.strictObject({ id: idSchema, key: secret }))
    .min(1, 'must hold at least one key')
    .refine(
      (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
      'has two keys with one id',
    ),
  memberHashKey: secret,
});

type KeysFile = z.infer<typeof fileSchema>;

export interface Key {
  /** Stands in the metadata of every payload that the key encrypted. It is no secret. */
  readonly id: string;
  readonly key: Buffer;
}

export interface KeyRing {
  /** The key that encrypts. */
  readonly first: Key;
  readonly byId: ReadonlyMap<string, Key>;
  readonly memberHashKey: Buffer;
}

const sandboxKey: Key = {
  id: 'sandbox',
  key: createHash('sha256').update(sandboxEncryptionKey).digest(),
};

/** The sandbox's keys, which are public. With them the sandbox needs no settings, and runs encrypted like a real program. */
export const sandboxKeyRing: KeyRing = {
  first: sandboxKey,
  byId: new Map([[sandboxKey.id, sandboxKey]]),
  memberHashKey: Buffer.from(sandboxMemberHashKey),
};

/** @throws SettingsError in one sentence, which never quotes the file */
export function readKeyRing(file: string): KeyRing {
  const { keys, memberHashKey } = read(file);
  const keyRing = keys.map(({ id, key }) => ({ id, key: Buffer.from(key, 'base64') }));
  const [first] = keyRing;
  if (first === undefined) throw new SettingsError(`${file}: keys must hold a key.`);
  return {
    first,
    byId: new Map(keyRing.map((key) => [key.id, key])),
    memberHashKey: Buffer.from(memberHashKey, 'base64'),
  };
}

/** Creates a file with one key, and returns the key's id. @throws SettingsError when the file exists */
export function createKeysFile(file: string): string {
  const key = newKey();
  if (!createSecretFile(file, { keys: [key], memberHashKey: newSecret() } satisfies KeysFile))
    throw new SettingsError(
      `${file} is there already, and its keys would be lost: name a new file.`,
    );
  return key.id;
}

/** Adds a key that only decrypts, because every process must have it before the first one uses it. Returns its id. */
export function addKey(file: string): string {
  const key = newKey();
  change(file, ({ keys, ...others }) => ({ ...others, keys: [...keys, key] }));
  return key.id;
}

/** Makes this key the one that encrypts. @throws SettingsError when the file has no such key */
export function useKey(file: string, id: string): void {
  change(file, ({ keys, ...others }) => {
    const chosen = keys.filter((key) => key.id === id);
    if (chosen.length === 0) throw new SettingsError(`${file} has no key ${id}.`);
    return { ...others, keys: [...chosen, ...keys.filter((key) => key.id !== id)] };
  });
}

/** Removes a key. What only this key decrypts is lost. @throws SettingsError for the key that encrypts, and an unknown one */
export function removeKey(file: string, id: string): void {
  change(file, ({ keys, ...others }) => {
    const index = keys.findIndex((key) => key.id === id);
    if (index === -1) throw new SettingsError(`${file} has no key ${id}.`);
    if (index === 0)
      throw new SettingsError(`${id} is the key that encrypts: use another one first.`);
    return { ...others, keys: keys.filter((key) => key.id !== id) };
  });
}

function read(file: string): KeysFile {
  return readSettingsFile({
    setting: 'REDEMPTION_ENCRYPTION_KEYS',
    file,
    schema: fileSchema,
    remedy: 'make one by npm run starter -- encryption-keys create --file FILE',
  });
}

function change(file: string, changed: (content: KeysFile) => KeysFile): void {
  writeSecretFile(file, changed(read(file)));
}

function newKey(): KeysFile['keys'][number] {
  const day = new Date().toISOString().slice(0, 10);
  return { id: `${day}-${randomBytes(3).toString('hex')}`, key: newSecret() };
}

function newSecret(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}
