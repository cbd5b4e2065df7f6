/** What the verbs on the file of encryption keys do. */
import { addKey, createKeysFile, removeKey, useKey } from '../encryption/key-ring.ts';
import type { FileOption, KeyOption } from './options.ts';
import type { Output } from './output.ts';

export function create({ file }: FileOption, output: Output): void {
  const key = createKeysFile(file);
  output.show(
    { file, key },
    `${file}: created with the key ${key}. Give the file to every process, and keep a copy in a safe place.`,
  );
}

export function add({ file }: FileOption, output: Output): void {
  const key = addKey(file);
  output.show(
    { file, key },
    `${file}: added ${key}, which only decrypts for now. Use it once every process has the new file.`,
  );
}

export function use({ file, key }: KeyOption, output: Output): void {
  useKey(file, key);
  showUse(file, key, output);
}

export function rotate({ file }: FileOption, output: Output): void {
  const key = addKey(file);
  useKey(file, key);
  showUse(file, key, output);
}

export function remove({ file, key }: KeyOption, output: Output): void {
  removeKey(file, key);
  output.show({ file, key }, `${file}: removed ${key}. Destroy every other copy of it too.`);
}

function showUse(file: string, key: string, output: Output): void {
  output.show({ file, key }, `${file}: ${key} encrypts from now on. The other keys only decrypt.`);
}
