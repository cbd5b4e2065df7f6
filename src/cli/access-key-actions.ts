import { existsSync } from 'node:fs';
import { RedemptionError } from '../domain/errors.ts';
import { readAccessKeys, writeAccessKeys } from '../gateway/access-key-file.ts';
import { newKey, withHash } from '../gateway/access-keys.ts';
import { given } from './arguments.ts';
import type { AccessKeyOptions } from './options.ts';
import type { Output } from './output.ts';

export function createAccessKey(
  { file, id, scopes, programs, stores }: AccessKeyOptions,
  output: Output,
): void {
  const keys = existsSync(file) ? readAccessKeys(file) : [];
  const before = keys.find((key) => key.id === id);
  if (before === undefined && scopes === undefined)
    throw new RedemptionError('invalid-request', `--scopes is required, because ${id} is new.`, {
      field: 'scopes',
    });
  const { secret, hash } = newKey();
  const key = {
    ...before,
    ...given({ id, scopes, programs, stores }),
    hashes: withHash(before?.hashes ?? [], hash),
  };
  writeAccessKeys(file, [...keys.filter((other) => other !== before), key]);
  output.show({ id, key: secret }, `The key of ${id}, which is shown only once:\n${secret}`);
}
