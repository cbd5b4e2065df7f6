/** `access-keys create`: for whoever runs the gateway. Needs neither Temporal nor programs. */
import { existsSync } from 'node:fs';
import { RedemptionError } from '../domain/errors.ts';
import { readAccessKeys, writeAccessKeys } from '../gateway/access-key-file.ts';
import { newKey, withHash } from '../gateway/access-keys.ts';
import { given } from './arguments.ts';
import { cli, wantsJson } from './command.ts';
import { printJson, printText } from './output.ts';

interface CreateOptions {
  readonly file: string;
  readonly id: string;
  readonly scopes?: string[];
  readonly programs?: string[];
  readonly stores?: string[];
}

const list = (text: string): string[] => text.split(',').map((entry) => entry.trim());

cli
  .command('access-keys')
  .description('the access keys of the gateway')
  .command('create')
  .description('make an access key, or another one for the same id: then the last two open')
  .option('--json', 'print one line of JSON')
  .requiredOption('--file <file>', 'the file that GATEWAY_ACCESS_KEYS names; made if need be')
  .requiredOption('--id <id>', 'whose key it is, such as till-12')
  .option('--scopes <scopes>', 'quote, redeem, read, payments, operate; with commas', list)
  .option('--programs <programs>', 'only these, with commas (default: all)', list)
  .option('--stores <stores>', 'only these, with commas (default: all)', list)
  .action(({ file, id, scopes, programs, stores }: CreateOptions) => {
    const keys = existsSync(file) ? readAccessKeys(file) : [];
    const before = keys.find((key) => key.id === id);
    if (before === undefined && scopes === undefined)
      throw new RedemptionError('invalid-request', 'scopes must be given: this id is new.', {
        field: 'scopes',
      });
    const { secret, hash } = newKey();
    const key = {
      ...before,
      ...given({ id, scopes, programs, stores }),
      hashes: withHash(before?.hashes ?? [], hash),
    };
    writeAccessKeys(file, [...keys.filter((other) => other !== before), key]);
    if (wantsJson) printJson({ id, key: secret });
    else printText(`The key of ${id}, shown this once:\n${secret}`);
  });
