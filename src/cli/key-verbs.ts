/** The verbs on the file of encryption keys. None of them prints a key. */
import type { Command } from 'commander';
import { addVerb } from './add-verb.ts';
import type { FileOption, KeyOption } from './options.ts';
import type { Output } from './output.ts';

export function addKeyVerbs(cli: Command, output: Output): void {
  const actions = () => import('./key-actions.ts');
  const keys = cli
    .command('encryption-keys')
    .description('create and rotate the keys that encrypt what Temporal stores');
  const addKeyVerb = (name: string, description: string) =>
    addVerb(keys, name, description).requiredOption('--file <file>', 'the file of keys');

  addKeyVerb('create', 'create a file with one key').action(async (options: FileOption) =>
    (await actions()).create(options, output),
  );

  addKeyVerb('add', 'add a key that only decrypts for now').action(async (options: FileOption) =>
    (await actions()).add(options, output),
  );

  addKeyVerb('use', 'encrypt with this key from now on')
    .requiredOption('--key <id>', 'the id of a key in the file')
    .action(async (options: KeyOption) => (await actions()).use(options, output));

  addKeyVerb('rotate', 'add a key and use it at once; only while every process is stopped').action(
    async (options: FileOption) => (await actions()).rotate(options, output),
  );

  addKeyVerb('remove', 'remove a key; what only this key decrypts is lost')
    .requiredOption('--key <id>', 'the id of a key in the file')
    .action(async (options: KeyOption) => (await actions()).remove(options, output));
}
