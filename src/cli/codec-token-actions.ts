/** What the verbs on the file of the codec server's tokens do. */
import { existsSync } from 'node:fs';
import { readTokens, writeTokens } from '../codec-server/token-file.ts';
import { newToken } from '../codec-server/tokens.ts';
import { RedemptionError } from '../domain/errors.ts';
import type { CodecTokenOptions, FileOption } from './options.ts';
import type { Output } from './output.ts';

export function createToken({ file, id }: CodecTokenOptions, output: Output): void {
  const others = existsSync(file) ? readTokens(file).filter((token) => token.id !== id) : [];
  const { secret, token } = newToken(id);
  writeTokens(file, [...others, token]);
  output.show({ id, token: secret }, `The token of ${id}, which is shown only once:\n${secret}`);
}

export function listTokens({ file }: FileOption, output: Output): void {
  const tokens = readTokens(file).map(({ id, created }) => ({ id, created }));
  output.show(
    { tokens },
    tokens.length === 0
      ? `${file}: nobody has a token.`
      : tokens.map(({ id, created = 'unknown' }) => `${id}, created ${created}`).join('\n'),
  );
}

export function removeToken({ file, id }: CodecTokenOptions, output: Output): void {
  const tokens = readTokens(file);
  const others = tokens.filter((token) => token.id !== id);
  if (others.length === tokens.length)
    throw new RedemptionError('invalid-request', `${id} has no token in ${file}.`, { field: 'id' });
  writeTokens(file, others);
  output.show({ id }, `${file}: removed ${id}, whose sessions end within seconds.`);
}
