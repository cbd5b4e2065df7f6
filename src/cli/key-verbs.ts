/** The verbs on the file of keys. None of them prints a key. */
import type { Command } from 'commander';
import { addKey, createKeysFile, removeKey, useKey } from '../encryption/key-ring.ts';
import { cli, wantsJson } from './command.ts';
import { printJson, printText } from './output.ts';

interface FileOption {
  readonly file: string;
}
type KeyOption = FileOption & { readonly key: string };

const keys = cli
  .command('encryption-keys')
  .description('make and rotate the keys that encrypt what Temporal keeps');

function keyVerb(name: string, description: string): Command {
  return keys
    .command(name)
    .description(description)
    .requiredOption('--file <file>', 'the file of keys')
    .option('--json', 'print one line of JSON');
}

function report(file: string, key: string, what: string): void {
  if (wantsJson) printJson({ file, key });
  else printText(`${file}: ${what}`);
}

keyVerb('create', 'a new file with one key').action(({ file }: FileOption) => {
  const key = createKeysFile(file);
  report(file, key, `made, with the key ${key}; give it to every process, and keep a copy safe`);
});

keyVerb('add', 'a new key that only reads so far').action(({ file }: FileOption) => {
  const key = addKey(file);
  report(file, key, `${key} reads; use it once every process has the new file`);
});

keyVerb('use', 'encrypt with this key from now on')
  .requiredOption('--key <id>', 'a key of the file')
  .action(({ file, key }: KeyOption) => {
    useKey(file, key);
    report(file, key, `${key} encrypts, the others read`);
  });

keyVerb('rotate', 'add and use at once, for when every process is stopped').action(
  ({ file }: FileOption) => {
    const key = addKey(file);
    useKey(file, key);
    report(file, key, `${key} encrypts, the others read`);
  },
);

keyVerb('remove', 'destroy a key: what only it reads is lost')
  .requiredOption('--key <id>', 'a key of the file')
  .action(({ file, key }: KeyOption) => {
    removeKey(file, key);
    report(file, key, `${key} is removed; destroy every other copy of it, too`);
  });
