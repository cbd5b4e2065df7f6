import { existsSync } from 'node:fs';
import { RedemptionError } from '../domain/errors.ts';
import { readAccessKeys, writeAccessKeys } from '../gateway/access-key-file.ts';
import { newKey, withHash } from '../gateway/access-keys.ts';
import { durationFrom, given } from './arguments.ts';
import type { AccessKeyOptions } from './options.ts';
import type { Output } from './output.ts';

export function createAccessKey(
  { file, id, scopes, programs, stores, idPrefix, expires }: AccessKeyOptions,
  output: Output,
): void {
  const keys = existsSync(file) ? readAccessKeys(file) : [];
  const before = keys.find((key) => key.id === id);
  if (before === undefined && scopes === undefined)
    throw new RedemptionError('invalid-request', `--scopes is required, because ${id} is new.`, {
      field: 'scopes',
    });
  if (before?.expires !== undefined && expires === undefined)
    throw new RedemptionError(
      'invalid-request',
      `--expires is required, because ${id} expires: give a duration such as 90d, or never.`,
      { field: 'expires' },
    );
  const { secret, hash } = newKey();
  const key = {
    ...before,
    ...given({ id, scopes, programs, stores, idPrefixes: idPrefix }),
    ...expiryFrom(expires),
    hashes: withHash(before?.hashes ?? [], hash),
  };
  writeAccessKeys(file, [...keys.filter((other) => other !== before), key]);
  output.show({ id, key: secret }, `The key of ${id}, which is shown only once:\n${secret}`);
}

/** `never` takes an expiry away. */
function expiryFrom(expires: string | undefined): { expires?: string | undefined } {
  if (expires === undefined) return {};
  if (expires === 'never') return { expires: undefined };
  return { expires: new Date(Date.now() + durationFrom(expires, 'expires')).toISOString() };
}
